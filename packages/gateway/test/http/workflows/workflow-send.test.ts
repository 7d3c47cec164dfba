import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { verifyGatewayDelivery } from "@ghl-edge/webhooks/gateway";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { EndpointSettings } from "../../../src/directory/tables/endpoints.ts";
import { EndpointDispatcher } from "../../../src/objects/endpoint-dispatcher/endpoint-dispatcher.ts";
import { isolate } from "../../../src/worker.ts";
import { administer, codeOf } from "../../support/calls/admin.ts";
import { call, json, keyed, wideKeyed } from "../../support/calls/gateway.ts";
import { keyFor } from "../../support/calls/keys.ts";
import {
  addEndpoint,
  arrived,
  destination,
  dispatcher,
  removeEndpoint,
  ringLater,
  type TestEndpoint,
} from "../../support/endpoints/endpoints.ts";
import { addWorkflow } from "../../support/endpoints/workflow-endpoints.ts";
import { APP, LOCATIONS } from "../../support/setup/settings.ts";

const [ONE, TWO] = LOCATIONS.slice(221, 223) as [string, string];
const lead = { email: "zoe@example.com", firstName: "Zoë" };
let workflow: TestEndpoint;
const made: TestEndpoint[] = [];

async function add(settings: Partial<EndpointSettings> = {}): Promise<TestEndpoint> {
  const one = await addWorkflow(settings);
  made.push(one);
  return one;
}

const pathOf = ({ endpoint }: TestEndpoint, app: string = APP): string => `/workflows/${app}/send/${endpoint.id}`;
const send = (one: TestEndpoint, body: unknown = lead, headers: Record<string, string> = {}): Promise<Response> =>
  call(pathOf(one), json(body, { ...keyed, ...headers }));
const idOf = async (response: Response): Promise<string> => ((await response.json()) as { id: string }).id;
const deliveries = async (one: TestEndpoint) => (await dispatcher(one).deliveries({}, 100)).items;
const delivered = (one: TestEndpoint, count: number) =>
  vi.waitFor(async () => {
    const states = (await deliveries(one)).map(({ state }) => state);
    expect(states).toEqual(Array.from({ length: count }, () => "delivered"));
  });

beforeEach(async () => {
  workflow = await add();
});

afterEach(async () => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  for (const one of made.splice(0)) await removeEndpoint(one);
});

describe("a send to a workflow", () => {
  it("a send to a workflow arrives as it was written, without a signature of ours", async () => {
    const text = '{ "phone": "+15550001", "amount": 1.0, "big": 12345678901234567890 }';
    const response = await call(pathOf(workflow), { method: "POST", headers: keyed, body: text });
    const { id } = (await response.clone().json()) as { id: string };
    expect([response.status, await response.json()]).toEqual([202, { id }]);
    expect(id).toMatch(/^evt_[0-9a-f]{32}$/);
    const [received] = await arrived(workflow, 1);
    expect(received!.body).toBe(text);
    expect(received!.headers["content-type"]).toBe("application/json");
    expect(Object.keys(received!.headers).filter((name) => name.startsWith("webhook-"))).toEqual([]);
    expect(await deliveries(workflow)).toMatchObject([{ id, type: "workflow.send", inbox: null, resource: null }]);
  });

  it("a send to a workflow is on disk before it is acknowledged", async () => {
    await destination.behave(workflow, { hang: true });
    const id = await idOf(await send(workflow));
    const rows = await runInDurableObject(dispatcher(workflow), (_object, { storage }) =>
      storage.sql.exec("SELECT id, source, state FROM delivery").toArray(),
    );
    expect(rows).toEqual([{ id, source: "workflow", state: "due" }]);
    await destination.release(workflow);
  });

  it.each([{ status: 500 }, { broken: true }, { status: 429, headers: { "retry-after": "3" } }])(
    "a send to a workflow arrives once HighLevel is back after %j",
    async (away) => {
      await destination.behave(workflow, { ...away, times: 2 });
      await send(workflow);
      await arrived(workflow, 1);
      for (const [tries, ms] of [7_000, 40_000].entries()) {
        await vi.waitFor(async () => expect((await deliveries(workflow))[0]!.attempts).toHaveLength(tries + 1));
        await ringLater(workflow, ms);
        await arrived(workflow, tries + 2);
      }
      await delivered(workflow, 1);
      expect(await destination.count(workflow)).toMatchObject({ count: 3 });
      const bodies = (await destination.received(workflow)).map(({ body }) => body);
      expect(new Set(bodies)).toEqual(new Set([JSON.stringify(lead)]));
    },
  );

  it("a send to a workflow is dead once all its attempts have failed, and can be made due again", async () => {
    const informed = await addEndpoint({ types: ["event.dead"] });
    made.push(informed);
    await destination.behave(workflow, { status: 500 });
    const id = await idOf(await send(workflow));
    // Days of tries, as `failing-endpoint.test.ts` proves them.
    await arrived(workflow, 1);
    await vi.waitFor(async () => expect((await deliveries(workflow))[0]!.attempts).toHaveLength(1));
    await runInDurableObject(dispatcher(workflow), (_object, { storage }) => {
      storage.sql.exec("UPDATE delivery SET tries = 8");
    });
    await ringLater(workflow, 7_000);
    // Alarms of the seconds to come ring when they are answered to.
    await vi.waitFor(async () => {
      await runDurableObjectAlarm(env.WEBHOOK_INBOX.getByName(`${APP}:none:${new Date().toISOString().slice(0, 10)}`));
      await runDurableObjectAlarm(dispatcher(informed));
      expect(await destination.count(informed)).toMatchObject({ count: 1 });
    });
    vi.useRealTimers();
    const [dead] = await destination.received(informed);
    const delivery = await verifyGatewayDelivery({ ...dead!, secrets: [informed.secret] });
    expect(delivery.event).toMatchObject({ eventId: id, eventType: "workflow.send", lastStatus: 500 });
    await destination.behave(workflow, {});
    const path = `/admin/endpoints/${workflow.endpoint.id}/dead-letters/replay`;
    await administer("POST", path, { dryRun: false });
    await delivered(workflow, 1);
  });

  it("a send to a workflow waits while the endpoint is paused, and is refused while it is disabled", async () => {
    const paused = await add({ state: "paused" });
    expect((await send(paused)).status).toBe(202);
    expect(await destination.count(paused)).toMatchObject({ count: 0 });
    await administer("POST", `/admin/endpoints/${paused.endpoint.id}/enable`);
    await delivered(paused, 1);
    const disabled = await add({ state: "disabled" });
    expect(await codeOf(await send(disabled))).toEqual([409, "ERR_GHL_GATEWAY_ENDPOINT_DISABLED"]);
    expect(await deliveries(disabled)).toEqual([]);
  });

  it("a send to a workflow is refused with 503 where it cannot be stored, and arrives when it is sent again", async () => {
    const enqueue = vi
      .spyOn(EndpointDispatcher.prototype, "enqueue")
      .mockImplementation(() => Promise.reject(new Error("broken")));
    expect(await codeOf(await send(workflow))).toEqual([503, "ERR_GHL_GATEWAY_OBJECT_UNREACHABLE"]);
    enqueue.mockRestore();
    expect((await send(workflow)).status).toBe(202);
    await delivered(workflow, 1);
  });
});

describe("an Idempotency-Key", () => {
  const key = { "idempotency-key": "order-4711/paid" };

  it("an Idempotency-Key makes a request that is repeated the same delivery", async () => {
    const ids = await Promise.all(Array.from({ length: 5 }, async () => idOf(await send(workflow, lead, key))));
    expect(new Set(ids).size).toBe(1);
    await delivered(workflow, 1);
    // Also after it was delivered, and with more objects than before.
    await isolate
      .readDirectory(env)
      .endpoints.update(
        workflow.endpoint.id,
        { ...workflow.endpoint, shards: 16 },
        { actor: "test", requestId: "test", nowMs: Date.now() },
      );
    expect(await idOf(await send(workflow, { other: "body" }, key))).toBe(ids[0]);
    await delivered(workflow, 1);
    expect(await destination.count(workflow)).toMatchObject({ count: 1 });
  });

  it("an Idempotency-Key is effective when the answer is lost on the way", async () => {
    const original = EndpointDispatcher.prototype.enqueue;
    vi.spyOn(EndpointDispatcher.prototype, "enqueue").mockImplementation(async function (this: never, ...args) {
      await original.apply(this, args);
      throw new Error("answer lost");
    });
    expect((await send(workflow, lead, key)).status).toBe(503);
    vi.restoreAllMocks();
    expect((await send(workflow, lead, key)).status).toBe(202);
    await delivered(workflow, 1);
    expect(await destination.count(workflow)).toMatchObject({ count: 1 });
  });

  it("an Idempotency-Key belongs to its endpoint, and without one every request is a delivery", async () => {
    const other = await add();
    const ids = [
      await idOf(await send(workflow, lead, key)),
      await idOf(await send(other, lead, key)),
      await idOf(await send(workflow)),
      await idOf(await send(workflow)),
    ];
    expect(new Set(ids).size).toBe(4);
    await delivered(workflow, 3);
  });

  it.each(["", "two words", "x".repeat(256)])("an Idempotency-Key that is %j is refused", async (wrong) => {
    const response = await send(workflow, lead, { "idempotency-key": wrong });
    expect(await codeOf(response)).toEqual([400, "ERR_GHL_GATEWAY_HEADER_INVALID"]);
    expect(await deliveries(workflow)).toEqual([]);
  });
});

describe("a refused send to a workflow", () => {
  const SCOPE = [403, "ERR_GHL_GATEWAY_API_KEY_SCOPE"];
  const UNKNOWN = [404, "ERR_GHL_GATEWAY_NOT_IN_DIRECTORY"];

  it("a caller without a writing key of the app, for all that the endpoint is for, is refused", async () => {
    const both = await add({ resources: [ONE, TWO].map((id) => ({ kind: "location", id })) });
    const ofOne = await keyFor([ONE], "write");
    expect(await codeOf(await call(pathOf(workflow), json(lead)))).toEqual([401, "ERR_GHL_GATEWAY_API_KEY_MISSING"]);
    expect(await codeOf(await send(workflow, lead, wideKeyed))).toEqual(SCOPE);
    expect(await codeOf(await send(workflow, lead, await keyFor(null, "read")))).toEqual(SCOPE);
    expect(await codeOf(await send(both, lead, ofOne))).toEqual(SCOPE);
    // The endpoint is for the whole app.
    expect(await codeOf(await send(workflow, lead, ofOne))).toEqual(SCOPE);
    for (const one of [workflow, both]) expect(await deliveries(one)).toEqual([]);
    const own = await add({ resources: [{ kind: "location", id: ONE }] });
    expect((await send(own, lead, ofOne)).status).toBe(202);
    await delivered(own, 1);
    expect(await deliveries(own)).toMatchObject([{ resource: { kind: "location", id: ONE } }]);
  });

  it("a send to an endpoint that is no workflow of this app is refused", async () => {
    const https = await addEndpoint({ types: [] });
    made.push(https);
    expect(await codeOf(await send(https))).toEqual(UNKNOWN);
    expect(await codeOf(await call(`/workflows/${APP}/send/ep_0000000000000000`, json(lead, keyed)))).toEqual(UNKNOWN);
    expect(await codeOf(await call(pathOf(workflow, "wide"), json(lead, wideKeyed)))).toEqual(UNKNOWN);
    expect(await deliveries(https)).toEqual([]);
  });

  it("a send whose body is no object, or too large, is refused", async () => {
    for (const body of ["", "[]", "null", "no JSON", '"text"', `{"text":"${"x".repeat(65_536)}"}`])
      expect(await codeOf(await call(pathOf(workflow), { method: "POST", headers: keyed, body }))).toEqual([
        400,
        "ERR_GHL_GATEWAY_INPUT_INVALID",
      ]);
    expect(await deliveries(workflow)).toEqual([]);
  });

  it("a send while the directory is away is refused", async () => {
    vi.spyOn(Object.getPrototypeOf(env.DIRECTORY) as D1Database, "prepare").mockImplementation(() => {
      throw new Error("broken");
    });
    expect(await codeOf(await send(workflow))).toEqual([503, "ERR_GHL_GATEWAY_DIRECTORY_UNREACHABLE"]);
  });
});
