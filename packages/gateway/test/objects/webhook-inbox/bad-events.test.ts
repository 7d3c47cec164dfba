import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { sha256, toHex } from "@ghl-edge/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { eventId, type InboxEvent } from "../../../src/domain/events/inbox-event.ts";
import { EndpointDispatcher } from "../../../src/objects/endpoint-dispatcher/endpoint-dispatcher.ts";
import { MAX_FAILURES } from "../../../src/objects/webhook-inbox/event-router.ts";
import { admin, codeOf } from "../../support/calls/admin.ts";
import { call, deliver, installLocation, json, keyed, readContact, upstream } from "../../support/calls/gateway.ts";
import { addWorkflowReceiver, eventsIn, run } from "../../support/calls/workflows.ts";
import {
  addEndpoint,
  arrived,
  destination,
  dispatcher,
  removeEndpoint,
  type TestEndpoint,
} from "../../support/endpoints/endpoints.ts";
import { APP, LOCATIONS } from "../../support/setup/settings.ts";

const DEEP = 6_000;
const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
const today = new Date().toISOString().slice(0, 10);
const locations = LOCATIONS.slice(60, 90);
const inboxOf = (id: string) => env.WEBHOOK_INBOX.getByName(`${APP}:location:${id}:${today}`);
let location: string;
let endpoints: TestEndpoint[];

beforeEach(() => {
  location = locations.shift()!;
  endpoints = [];
});

afterEach(async () => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  for (const endpoint of endpoints) await removeEndpoint(endpoint);
});

async function endpoint(...settings: Parameters<typeof addEndpoint>): Promise<TestEndpoint> {
  const added = await addEndpoint(...settings);
  endpoints.push(added);
  return added;
}

/** Stores an event that is deeper than the bound, as an inbox may have from an earlier version. */
async function storeBody(body: string): Promise<string> {
  const event: InboxEvent = {
    dedupeKey: toHex(await sha256(crypto.randomUUID())),
    name: "workflow.webhook",
    type: undefined,
    webhookId: undefined,
    eventAtMs: Date.now(),
    quarantined: false,
    source: "workflow",
    signature: undefined,
    lifecycle: undefined,
    body: new TextEncoder().encode(body),
  };
  await inboxOf(location).store({ app: APP, resource: { kind: "location", id: location }, day: today }, event);
  return eventId(event.dedupeKey);
}

const tasks = () =>
  runInDurableObject(inboxOf(location), (_object, { storage }) =>
    storage.sql.exec<{ task: string; failures: number }>("SELECT task, failures FROM event_task").toArray(),
  );

/** The report is under way to the endpoint at a time that has not come yet. */
async function rung(endpoint: TestEndpoint): Promise<void> {
  await vi.waitFor(async () => expect(await runDurableObjectAlarm(dispatcher(endpoint))).toBe(true));
  vi.useRealTimers();
}

describe("JSON that nests deeper than 64 levels is refused at the door", () => {
  it("JSON of a workflow receiver that nests too deeply is refused at the door, whatever location it names", async () => {
    const workflow = await addWorkflowReceiver();
    const body = `{"locationId":"${location}","list":${nested(DEEP)}}`;
    for (const type of ["application/json", "text/plain"])
      expect(await codeOf(await run(workflow, body, { headers: { "content-type": type } }))).toEqual([
        400,
        "ERR_GHL_GATEWAY_WORKFLOW_UNREADABLE",
      ]);
    for (const kind of ["action", "trigger"])
      expect((await run(await addWorkflowReceiver({ kind }), body)).status).toBe(400);
    expect(await eventsIn(location)).toEqual([]);
    expect((await run(workflow, `{"locationId":"${location}","list":${nested(60)}}`)).status).toBe(200);
  });

  it("JSON of a signed webhook that nests too deeply is refused at the door", async () => {
    const { body, signature } = await upstream.sign("ContactCreate", {
      locationId: location,
      list: JSON.parse(nested(70)) as unknown,
    });
    const headers = { "x-ghl-signature": signature };
    expect(await codeOf(await call(`/webhooks/${APP}`, { method: "POST", headers, body }))).toEqual([
      400,
      "ERR_GHL_GATEWAY_WEBHOOK_UNREADABLE",
    ]);
    expect(await eventsIn(location)).toEqual([]);
  });

  it("JSON of an operator or an app's back end that nests too deeply is refused at the door", async () => {
    const deep = { list: JSON.parse(nested(70)) as unknown };
    expect(await codeOf(await admin("POST", "/admin/endpoints", { body: deep }))).toEqual([
      400,
      "ERR_GHL_GATEWAY_INPUT_INVALID",
    ]);
    const { endpoint: workflow } = await endpoint({
      kind: "workflow",
      target: "https://services.leadconnectorhq.com/hooks/…",
    });
    const sent = await call(`/workflows/${APP}/send/${workflow.id}`, json(deep, keyed));
    expect(await codeOf(sent)).toEqual([400, "ERR_GHL_GATEWAY_INPUT_INVALID"]);
  });
});

describe("one bad event costs itself alone", () => {
  it("one bad event costs itself alone where it was stored before there was a bound, and an endpoint has a filter", async () => {
    await installLocation(location);
    const [filtered, all] = [await endpoint({ filter: { list: ["x"] } }), await endpoint({ types: ["workflow.*"] })];
    const id = await storeBody(`{"list":${nested(DEEP)}}`);
    await deliver("UNINSTALL", { locationId: location });
    expect((await readContact(location)).status).toBe(404);
    expect((await arrived(all, 1)).map(({ headers }) => headers["webhook-id"])).toEqual([id]);
    expect(await destination.received(filtered)).toEqual([]);
    expect(await tasks()).toEqual([]);
    const shown = await admin("GET", `/admin/events/${APP}/location:${location}:${today}/${id}`);
    expect(await shown.json()).toMatchObject({ payload: null, body: `{"list":${nested(DEEP)}}` });
  });

  it("one bad event that cannot be matched is given up after some attempts, and reported", async () => {
    await installLocation(location);
    const [bad, good] = [await endpoint(), await endpoint({ types: ["workflow.*", "event.*"] })];
    // No operator can write this filter. It fails for events that have a number there.
    const broken = `{"boom":[{"numeric":null}]}`;
    await env.DIRECTORY.prepare("UPDATE endpoint SET filter = ? WHERE id = ?").bind(broken, bad.endpoint.id).run();
    const id = await storeBody(`{"boom":1}`);
    const other = await storeBody(`{"boom":"no number"}`);
    await vi.waitFor(async () => expect(await tasks()).toEqual([{ task: "route", failures: 1 }]));
    const { body, signature } = await upstream.sign("UNINSTALL", { locationId: location });
    await call(`/webhooks/${APP}`, { method: "POST", headers: { "x-ghl-signature": signature }, body });
    await vi.waitFor(async () => expect((await readContact(location)).status).toBe(404));
    // The endpoint whose filter is good has both, the bad one once.
    expect((await arrived(good, 2)).map(({ headers }) => headers["webhook-id"]).sort()).toEqual([id, other].sort());
    for (let failures = 2; failures <= MAX_FAILURES; failures++) {
      vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60_000, shouldAdvanceTime: true });
      await runDurableObjectAlarm(inboxOf(location));
      const left = failures === MAX_FAILURES ? [] : [{ task: "route", failures }];
      await vi.waitFor(async () => expect(await tasks()).toEqual(left));
    }
    await rung(good);
    const received = await arrived(good, 3);
    expect(JSON.parse(received[2]!.body)).toMatchObject({
      type: "event.unprocessable",
      resource: { kind: "location", id: location },
      data: {
        eventId: id,
        eventType: "workflow.webhook",
        endpointId: null,
        attempts: MAX_FAILURES,
        errorName: "TypeError",
      },
    });
  });

  it("one bad event that ends the object costs itself alone: its attempts are counted beforehand, and others go first", async () => {
    const good = await endpoint({ types: ["workflow.*", "event.*"] });
    let failures = 0;
    const { enqueue: original } = EndpointDispatcher.prototype;
    // To the end, because the platform's own alarm may ring at any time: only the report of the event may pass.
    const enqueue = vi.spyOn(EndpointDispatcher.prototype, "enqueue").mockImplementation(function (
      this: EndpointDispatcher,
      ...args: Parameters<typeof original>
    ) {
      const isReport = args[1].every(({ type }) => type === "event.unprocessable");
      return isReport ? original.apply(this, args) : new Promise(() => {});
    });
    const id = await storeBody(`{"n":1}`);
    await vi.waitFor(() => expect(enqueue).toHaveBeenCalled());
    const die = () => runInDurableObject(inboxOf(location), (_object, state) => state.abort("proof")).catch(() => {});
    /** Runs the alarm as the platform does after a crash: the first time as a repetition. */
    const ring = () =>
      runInDurableObject(inboxOf(location), (object) =>
        object.alarm({ isRetry: true, retryCount: 1, scheduledTime: 0 }),
      );
    for (; failures < MAX_FAILURES; failures++) {
      await die();
      vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60_000, shouldAdvanceTime: true });
      void ring().catch(() => {});
      await vi.waitFor(async () =>
        expect((await tasks()).reduce((sum, one) => sum + one.failures, 0)).toBe(failures + 1),
      );
    }
    await die();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60_000, shouldAdvanceTime: true });
    await ring();
    await rung(good);
    const [received] = await arrived(good, 1);
    expect(JSON.parse(received!.body)).toMatchObject({
      type: "event.unprocessable",
      data: { eventId: id, attempts: MAX_FAILURES, errorName: "crash" },
    });
  });
});
