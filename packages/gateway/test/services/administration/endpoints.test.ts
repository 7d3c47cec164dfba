import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { createDeliverySecret, verifyGatewayDelivery } from "@ghl-edge/webhooks/gateway";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createRecentEndpoints } from "../../../src/directory/recent-endpoints.ts";
import { createEndpoints } from "../../../src/directory/tables/endpoints.ts";
import type { AuditEntry, Page } from "../../../src/domain/administration-model.ts";
import type { Endpoint } from "../../../src/domain/delivery/endpoint.ts";
import { EndpointDispatcher } from "../../../src/objects/endpoint-dispatcher/endpoint-dispatcher.ts";
import { readDestinationBindings, readObjects } from "../../../src/platform/env.ts";
import { runAction } from "../../../src/services/administration/action.ts";
import { endpointActions } from "../../../src/services/administration/actions/endpoints.ts";
import type { Delivery } from "../../../src/services/administration/deliveries.ts";
import type { EndpointStatus } from "../../../src/services/administration/endpoints.ts";
import { isolate } from "../../../src/worker.ts";
import { admin, administer, all, asOperator, codeOf, team } from "../../support/calls/admin.ts";
import { deliver } from "../../support/calls/gateway.ts";
import type { Received } from "../../support/endpoints/destination.ts";
import {
  arrived,
  destination,
  dispatcher,
  ringLater,
  setSecrets,
  type TestEndpoint,
} from "../../support/endpoints/endpoints.ts";
import { APP, DESTINATION, LOCATIONS, WIDE_APP } from "../../support/setup/settings.ts";

const HOUR_MS = 3_600_000;
const HOOK = "https://services.leadconnectorhq.com/hooks/lOcAtIoN/webhook-trigger/5ecre7-0000";
const INVALID = [400, "ERR_GHL_GATEWAY_INPUT_INVALID"];
const UNKNOWN = [404, "ERR_GHL_GATEWAY_NOT_IN_DIRECTORY"];
const location = LOCATIONS[40]!;
const made: string[] = [];

interface Created {
  readonly endpoint: Endpoint;
  readonly secret: string | null;
}

async function create(settings: Record<string, unknown>): Promise<Created> {
  const created = await administer<Created>("POST", "/admin/endpoints", { name: "test", app: APP, ...settings });
  made.push(created.endpoint.id);
  return created;
}

/** Creates an endpoint whose destination is the server of the tests. */
async function receiving(settings: Record<string, unknown> = {}): Promise<TestEndpoint> {
  const path = `/${crypto.randomUUID()}`;
  const { endpoint, secret } = await create({ kind: "https", target: DESTINATION + path, ...settings });
  return { endpoint, path, secret: secret! };
}

const at = ({ endpoint }: Pick<Created, "endpoint">, rest = ""): string => `/admin/endpoints/${endpoint.id}${rest}`;
const statusOf = (one: Pick<Created, "endpoint">) => administer<EndpointStatus>("GET", at(one, "/status"));
const test = (one: Pick<Created, "endpoint">) => administer<{ eventId: string }>("POST", at(one, "/test"));
const opens = (secret: string, { body, headers }: Received): Promise<boolean> =>
  verifyGatewayDelivery({ body, headers, secrets: [secret] }).then(
    () => true,
    () => false,
  );

const broken = () => Promise.reject(new Error("broken"));

afterEach(async () => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  for (const id of made.splice(0)) await admin("DELETE", `/admin/endpoints/${id}`);
});

describe("an endpoint", () => {
  it("an endpoint is created with its defaults, and is listed", async () => {
    const target = `${DESTINATION}/defaults`;
    const { endpoint, secret } = await create({ kind: "https", target });
    expect(secret).toMatch(/^whsec_/);
    expect(endpoint).toEqual({
      id: expect.stringMatching(/^ep_[0-9a-f]{16}$/) as string,
      app: APP,
      name: "test",
      kind: "https",
      target,
      format: "envelope",
      ordered: false,
      shards: 1,
      types: null,
      resources: null,
      filter: null,
      state: "active",
      disabledBecause: null,
      createdAtMs: expect.any(Number) as number,
      createdBy: "admin-key:tests",
      changedAtMs: endpoint.createdAtMs,
    });
    expect(await administer("GET", at({ endpoint }))).toEqual(endpoint);
    await create({ kind: "https", target });
    const { items, pages } = await all<Endpoint>(`/admin/endpoints?app=${APP}&`, 1);
    expect(items).toContainEqual({ ...endpoint, target: `${DESTINATION}/…` });
    expect([items.length, pages]).toEqual([2, 2]);
    expect((await all("/admin/endpoints?app=other&", 10)).items).toEqual([]);
  });

  it("an endpoint stores the settings of the request, and an address in its normal form", async () => {
    const request = {
      name: "all of it",
      format: "raw",
      ordered: true,
      shards: 16,
      types: ["ContactCreate", "Opportunity*", "grant.*", "unknown", "*"],
      resources: [{ kind: "location", id: location }],
      filter: { firstName: [{ prefix: "A" }] },
      state: "paused",
    };
    const { endpoint } = await create({ ...request, kind: "https", target: "https://EXAMPLE.com/a/../b" });
    expect(endpoint).toMatchObject({ ...request, target: "https://example.com/b" });
  });

  it("an endpoint may be on this machine where the deployment says so", async () => {
    const context = {
      config: { ...isolate.readConfig(env), allowLoopbackDestinations: true },
      directory: isolate.readDirectory(env),
      objects: readObjects(env),
      destinations: readDestinationBindings(env),
      prefetchedPermits: isolate.prefetchedPermits,
      change: { actor: "test", requestId: "test", nowMs: Date.now() },
      role: "admin",
      origin: undefined,
      waitUntil: () => undefined,
    } as const;
    const target = "http://127.0.0.1:8080/hook";
    const request = { name: "local", app: APP, kind: "https", target, state: "disabled" } as const;
    const created = await runAction(endpointActions.createEndpoint, context, () => request);
    const { endpoint } = created as { readonly endpoint: Endpoint };
    made.push(endpoint.id);
    expect(endpoint.target).toBe(target);
  });

  it("an endpoint of kind service is signed, and one of kind queue or workflow is not", async () => {
    expect((await create({ kind: "service", target: "TESTS" })).secret).toMatch(/^whsec_/);
    for (const [kind, target] of [
      ["queue", "TESTS"],
      ["workflow", HOOK],
    ])
      expect((await create({ kind, target })).secret).toBeNull();
  });

  it("an endpoint that starts a workflow receives only its own sends, and its address is never shown again", async () => {
    const created = await create({ kind: "workflow", target: HOOK });
    expect(created.endpoint).toMatchObject({
      types: [],
      target: "https://services.leadconnectorhq.com/hooks/…",
    });
    const { endpoints } = isolate.readDirectory(env);
    const sealed = async () => (await endpoints.open(created.endpoint.id))?.secrets.url;
    expect(await sealed()).toBe(HOOK);
    const settings = { name: "again", kind: "workflow", types: ["ContactCreate"] };
    const replies = [created, await administer("PUT", at(created), settings)];
    expect(await sealed()).toBe(HOOK);
    // The settings are sent back as they were read.
    replies.push(await administer("PUT", at(created), { ...settings, target: created.endpoint.target }));
    expect(await sealed()).toBe(HOOK);
    const other = HOOK.replace("5ecre7", "07her5");
    replies.push(await administer("PUT", at(created), { ...settings, target: other }));
    expect(await sealed()).toBe(other);
    replies.push(await administer("GET", "/admin/endpoints"), await administer("GET", "/admin/audit"));
    const rows = await env.DIRECTORY.prepare("SELECT * FROM endpoint").all();
    for (const text of [JSON.stringify(replies), JSON.stringify(rows.results)]) {
      expect(text).not.toContain("webhook-trigger");
      expect(text).not.toContain("5ecre7");
    }
  });
});

describe("a change", () => {
  it("a change replaces every setting but the app, at once for the next deliveries", async () => {
    const first = await receiving({ name: "before", types: ["ContactCreate"], shards: 2 });
    await deliver("ContactCreate", { locationId: location, n: 1 });
    await arrived(first, 1);
    const second = { ...first, path: `/${crypto.randomUUID()}` };
    const settings = { name: "after", kind: "https", target: DESTINATION + second.path, shards: 2 };
    const changed = await administer<Endpoint>("PUT", at(first), settings);
    expect(changed).toMatchObject({ ...settings, app: APP, types: null, createdAtMs: first.endpoint.createdAtMs });
    for (const n of [2, 3, 4, 5]) await deliver("ContactUpdate", { locationId: location, n });
    const received = await arrived(second, 4);
    expect(await opens(first.secret, received[0]!)).toBe(true);
    expect(await destination.count(first)).toMatchObject({ count: 1 });
  });

  it("a change does not need the objects that send", async () => {
    const one = await receiving({ shards: 2 });
    const changed = vi.spyOn(EndpointDispatcher.prototype, "endpointChanged").mockImplementation(broken);
    expect((await admin("POST", at(one, "/pause"))).status).toBe(200);
    // Each twice.
    expect(changed).toHaveBeenCalledTimes(4);
  });

  it("a change that would lose something is refused", async () => {
    const { target } = (await receiving()).endpoint;
    const one = await receiving({ shards: 4 });
    const settings = { name: "n", target, shards: 4 };
    const put = async (request: object) => codeOf(await admin("PUT", at(one), { body: { ...settings, ...request } }));
    expect(await put({ kind: "queue", target: "TESTS" })).toEqual(INVALID);
    expect(await put({ kind: "workflow", target: HOOK })).toEqual(INVALID);
    expect(await put({ kind: "https", shards: 3 })).toEqual(INVALID);
    expect(await administer("PUT", at(one), { ...settings, kind: "service", target: "TESTS" })).toMatchObject({
      kind: "service",
    });
    const workflow = await create({ kind: "workflow", target: HOOK });
    expect(await codeOf(await admin("PUT", at(workflow), { body: { name: "n", kind: "https", target } }))).toEqual(
      INVALID,
    );
  });

  it("a change pauses and enables an endpoint", async () => {
    const one = await receiving();
    expect(await administer("POST", at(one, "/pause"))).toMatchObject({ state: "paused" });
    await deliver("ContactCreate", { locationId: location });
    await vi.waitFor(async () => expect(await statusOf(one)).toMatchObject({ due: 1 }));
    expect(await destination.count(one)).toMatchObject({ count: 0 });
    expect(await administer("POST", at(one, "/enable"))).toMatchObject({ state: "active" });
    await arrived(one, 1);
  });

  it("a change enables what the gateway has disabled, and sends what was left", async () => {
    // It does not get the event about its own end.
    const one = await receiving({ types: ["ContactCreate"] });
    await destination.behave(one, { status: 410, times: 1 });
    await deliver("ContactCreate", { locationId: location });
    const found = () => administer<Endpoint>("GET", at(one));
    await vi.waitFor(async () => expect(await found()).toMatchObject({ state: "disabled", disabledBecause: "gone" }));
    expect(await codeOf(await admin("POST", at(one, "/test")))).toEqual([409, "ERR_GHL_GATEWAY_ENDPOINT_DISABLED"]);
    expect(await administer("POST", at(one, "/enable"))).toMatchObject({ state: "active", disabledBecause: null });
    await ringLater(one, 7_000);
    await arrived(one, 2);
    expect(await destination.count(one)).toEqual({ count: 2, distinct: 1 });
  });

  it("a change removes an endpoint with its pending deliveries", async () => {
    const one = await receiving({ state: "paused", shards: 2 });
    for (const n of [1, 2, 3, 4]) await deliver("ContactCreate", { locationId: location, n });
    await vi.waitFor(async () => expect(await statusOf(one)).toMatchObject({ due: 4 }));
    expect((await admin("DELETE", at(one))).status).toBe(204);
    for (const shard of [0, 1])
      await vi.waitFor(async () => expect(await dispatcher(one, shard).status()).toMatchObject({ due: 0 }));
    for (const [method, rest, body] of [
      ["GET", ""],
      ["DELETE", ""],
      ["GET", "/status"],
      ["GET", "/deliveries"],
      ["POST", "/secrets", {}],
      ["POST", "/enable"],
      ["POST", "/test"],
      ["POST", "/dead-letters/replay", { dryRun: true }],
      ["PUT", "", { name: "n", kind: "service", target: "TESTS" }],
    ] as const)
      expect(await codeOf(await admin(method, at(one, rest), { body })), method + rest).toEqual(UNKNOWN);
  });

  it("a change is in the audit, with its operator", async () => {
    const one = await receiving();
    await administer("PUT", at(one), { name: "n", kind: "https", target: one.endpoint.target });
    for (const step of ["/pause", "/enable", "/test"]) await administer("POST", at(one, step));
    await administer("POST", at(one, "/secrets"), {});
    await administer("POST", at(one, "/dead-letters/replay"), { dryRun: false });
    await administer("POST", at(one, "/dead-letters/replay"), { dryRun: true });
    await admin("DELETE", at(one));
    const { items } = await administer<Page<AuditEntry>>("GET", `/admin/audit?app=${APP}&limit=8`);
    expect(items.every(({ actor, target }) => actor === "admin-key:tests" && target === one.endpoint.id)).toBe(true);
    expect(items.map(({ action }) => action).reverse()).toEqual([
      "endpoint.created",
      "endpoint.changed",
      "endpoint.paused",
      "endpoint.active",
      "endpoint.tested",
      "endpoint.secret_rotated",
      "dead_letters.replayed",
      "endpoint.removed",
    ]);
  });
});

describe("a secret", () => {
  const rotate = (one: TestEndpoint, body: object = {}) =>
    administer<{ secret: string; previousValidUntilMs: number | null }>("POST", at(one, "/secrets"), body);

  it("a secret is replaced by one that signs beside it for a day, and then alone", async () => {
    const one = await receiving();
    const before = Date.now();
    const { secret, previousValidUntilMs } = await rotate(one);
    expect(previousValidUntilMs).toBeGreaterThanOrEqual(before + 24 * HOUR_MS);
    expect(previousValidUntilMs).toBeLessThanOrEqual(Date.now() + 24 * HOUR_MS);
    await test(one);
    const [both] = await arrived(one, 1);
    expect([await opens(secret, both!), await opens(one.secret, both!)]).toEqual([true, true]);
    vi.useFakeTimers({ toFake: ["Date"], now: previousValidUntilMs! });
    await test(one);
    // An alarm's own clock cannot be moved.
    await runDurableObjectAlarm(dispatcher(one));
    const [, later] = await arrived(one, 2);
    expect([await opens(secret, later!), await opens(one.secret, later!)]).toEqual([true, false]);
  });

  it("a secret ends with the second rotation, or at once where the request says so", async () => {
    const one = await receiving();
    const second = await rotate(one, { overlapHours: 168 });
    const third = await rotate(one, { overlapHours: 1 });
    await test(one);
    const [received] = await arrived(one, 1);
    const good = [one.secret, second.secret, third.secret].map((secret) => opens(secret, received!));
    expect(await Promise.all(good)).toEqual([false, true, true]);
    const last = await rotate(one, { overlapHours: 0 });
    expect(last.previousValidUntilMs).toBeNull();
    await test(one);
    const [, alone] = await arrived(one, 2);
    expect(alone!.headers["webhook-signature"]).not.toContain(" ");
    expect(await opens(last.secret, alone!)).toBe(true);
  });

  it("a secret that another request replaced meanwhile is one of two good ones", async () => {
    const one = await receiving();
    let other: { secret: string } | undefined;
    const batch: D1Database["batch"] = async (statements) => {
      other ??= await rotate(one);
      return env.DIRECTORY.batch(statements);
    };
    const db = { prepare: (query: string) => env.DIRECTORY.prepare(query), batch } as D1Database;
    const change = { actor: "test", requestId: "test", nowMs: Date.now() };
    const next = createDeliverySecret();
    await createEndpoints(db, isolate.readConfig(env).tokenKeys, createRecentEndpoints()).changeSecrets(
      one.endpoint.id,
      ({ secrets }) => ({ signing: [{ secret: next, untilMs: null }, ...secrets.signing.slice(0, 1)] }),
      change,
    );
    const stored = await isolate.readDirectory(env).endpoints.open(one.endpoint.id);
    expect(stored?.secrets.signing.map(({ secret }) => secret)).toEqual([next, other?.secret]);
  });

  it("a secret is absent where nothing is signed", async () => {
    const queue = await create({ kind: "queue", target: "TESTS" });
    expect(await codeOf(await admin("POST", at(queue, "/secrets"), { body: {} }))).toEqual(INVALID);
  });

  it.each([{ overlapHours: 169 }, { overlapHours: -1 }, { overlapHours: 0.5 }, { overlap: 1 }])(
    "a secret is not replaced by %j",
    async (body) => {
      const one = await receiving();
      expect(await codeOf(await admin("POST", at(one, "/secrets"), { body }))).toEqual(INVALID);
      const stored = await isolate.readDirectory(env).endpoints.open(one.endpoint.id);
      expect(stored?.secrets.signing).toEqual([{ secret: one.secret, untilMs: null }]);
    },
  );

  it("a secret is in no list, no audit and no row", async () => {
    const one = await receiving();
    const { secret } = await rotate(one);
    const shown = [
      await administer("GET", "/admin/endpoints"),
      await administer("GET", at(one)),
      await administer("GET", "/admin/audit"),
      await env.DIRECTORY.prepare("SELECT * FROM endpoint").all(),
    ];
    for (const each of [secret, one.secret]) expect(JSON.stringify(shown)).not.toContain(each.slice("whsec_".length));
  });
});

describe("a test", () => {
  it("a test arrives at this endpoint alone, whatever its filter, and is listed", async () => {
    const one = await receiving({ types: [], shards: 4 });
    const other = await receiving({ types: null });
    const { eventId } = await test(one);
    const [received] = await arrived(one, 1);
    const delivery = await verifyGatewayDelivery({ ...received!, secrets: [one.secret] });
    expect(delivery).toMatchObject({
      id: eventId,
      name: "endpoint.test",
      source: "gateway",
      app: APP,
      resource: null,
      event: { endpointId: one.endpoint.id },
    });
    const listed = () => administer<Page<Delivery>>("GET", at(one, `/deliveries?eventId=${eventId}`));
    await vi.waitFor(async () =>
      expect((await listed()).items).toMatchObject([
        { endpointId: one.endpoint.id, id: eventId, type: "endpoint.test", state: "delivered", inbox: null },
      ]),
    );
    expect(await destination.count(other)).toMatchObject({ count: 0 });
  });
});

describe("an endpoint that cannot be signed for", () => {
  it("an endpoint that cannot be signed for fails like any other, and is not tried in a loop", async () => {
    const one = await receiving({ state: "paused" });
    await setSecrets(one, { signing: [] });
    await deliver("ContactCreate", { locationId: location });
    const listed = () => administer<Page<Delivery>>("GET", at(one, "/deliveries"));
    // A delivery that waits when the endpoint is enabled has its first attempt by that; what comes meanwhile would have one more.
    await vi.waitFor(async () => expect((await listed()).items).toMatchObject([{ state: "due", attempts: [] }]));
    await administer("POST", at(one, "/enable"));
    await vi.waitFor(async () => expect((await listed()).items).toMatchObject([{ state: "due", attempts: [{}] }]));
    expect(await destination.count(one)).toMatchObject({ count: 0 });
  });
});

describe("the status", () => {
  it("the status is that of all shards together, and of the worst", async () => {
    const one = await receiving({ shards: 2 });
    expect(await statusOf(one)).toEqual({
      due: 0,
      dead: 0,
      oldestDueAtMs: null,
      breaker: { failures: 0, openUntilMs: null, openings: 0, failingSinceMs: null },
    });
    const atMs = Date.now();
    const breaker = { failures: 7, openUntilMs: atMs + HOUR_MS, openings: 2, failingSinceMs: atMs };
    const better = { ...breaker, failures: 9, openUntilMs: atMs + 1 };
    vi.spyOn(EndpointDispatcher.prototype, "status")
      .mockResolvedValueOnce({ due: 2, dead: 1, oldestDueAtMs: atMs, breaker: better })
      .mockResolvedValueOnce({ due: 3, dead: 4, oldestDueAtMs: atMs - 5, breaker });
    expect(await statusOf(one)).toEqual({ due: 5, dead: 5, oldestDueAtMs: atMs - 5, breaker });
  });

  it("the status is unknown while an object cannot be reached", async () => {
    const one = await receiving();
    vi.spyOn(EndpointDispatcher.prototype, "status").mockImplementation(broken);
    expect(await codeOf(await admin("GET", at(one, "/status")))).toEqual([503, "ERR_GHL_GATEWAY_OBJECT_UNREACHABLE"]);
  });
});

describe("a change or an operator that is refused", () => {
  it("a change to another app is refused", async () => {
    const one = await receiving();
    const { name, kind, target } = one.endpoint;
    expect(await codeOf(await admin("PUT", at(one), { body: { name, kind, target, app: WIDE_APP } }))).toEqual(INVALID);
  });

  it("an operator who may only read cannot change an endpoint", async () => {
    const one = await receiving();
    await administer("PUT", "/admin/operators/look@example.com", { role: "viewer" });
    const headers = asOperator(await team.token({ email: "look@example.com" }));
    expect((await admin("GET", at(one), { headers })).status).toBe(200);
    expect((await admin("GET", at(one, "/status"), { headers })).status).toBe(200);
    expect((await admin("GET", at(one, "/deliveries"), { headers })).status).toBe(200);
    const forbidden = [403, "ERR_GHL_GATEWAY_ADMIN_FORBIDDEN"];
    for (const [method, rest] of [
      ["PUT", ""],
      ["DELETE", ""],
      ["POST", "/secrets"],
      ["POST", "/enable"],
      ["POST", "/pause"],
      ["POST", "/test"],
      ["POST", "/dead-letters/replay"],
    ] as const)
      expect(await codeOf(await admin(method, at(one, rest), { body: {}, headers })), rest).toEqual(forbidden);
  });
});
