import { describe, expect, it, vi } from "vitest";
import type { AuditEntry, Page } from "../../../src/domain/administration-model.ts";
import type { Endpoint } from "../../../src/domain/delivery/endpoint.ts";
import { EndpointDispatcher } from "../../../src/objects/endpoint-dispatcher/endpoint-dispatcher.ts";
import { admin, administer, asOperator, codeOf, team } from "../../support/calls/admin.ts";
import { deliver } from "../../support/calls/gateway.ts";
import { arrived, destination, dispatcher, ringLater } from "../../support/endpoints/endpoints.ts";
import { APP, DESTINATION, WIDE_APP } from "../../support/setup/settings.ts";
import { at, broken, create, HOOK, INVALID, location, opens, receiving, statusOf, UNKNOWN } from "./endpoint-calls.ts";

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
