import { env } from "cloudflare:workers";
import { verifyGatewayDelivery } from "@ghl-edge/webhooks/gateway";
import { describe, expect, it, vi } from "vitest";
import type { Page } from "../../../src/domain/administration-model.ts";
import type { Endpoint } from "../../../src/domain/delivery/endpoint.ts";
import { EndpointDispatcher } from "../../../src/objects/endpoint-dispatcher/endpoint-dispatcher.ts";
import { readDestinationBindings, readObjects } from "../../../src/platform/env.ts";
import { runAction } from "../../../src/services/administration/action.ts";
import { endpointActions } from "../../../src/services/administration/actions/endpoints.ts";
import type { Delivery } from "../../../src/services/administration/deliveries.ts";
import { isolate } from "../../../src/worker.ts";
import { admin, administer, all, codeOf } from "../../support/calls/admin.ts";
import { deliver } from "../../support/calls/gateway.ts";
import { arrived, destination, setSecrets } from "../../support/endpoints/endpoints.ts";
import { APP, DESTINATION } from "../../support/setup/settings.ts";
import { at, broken, create, HOOK, HOUR_MS, location, made, receiving, statusOf, test } from "./endpoint-calls.ts";

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
      batchSize: 1,
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

  it("an endpoint may have batches when its bodies are envelopes", async () => {
    const target = `${DESTINATION}/batches`;
    const { endpoint } = await create({ kind: "https", target, batchSize: 100 });
    expect(endpoint.batchSize).toBe(100);
    const put = (request: object) =>
      admin("PUT", at({ endpoint }), { body: { name: "n", kind: "https", target, batchSize: 2, ...request } });
    expect(await (await put({ format: "raw" })).json()).toMatchObject({
      status: 400,
      detail: 'batchSize must be 1 with the format "raw", got 2.',
    });
    const workflow = { name: "n", app: APP, kind: "workflow", target: HOOK, batchSize: 2 };
    expect(await (await admin("POST", "/admin/endpoints", { body: workflow })).json()).toMatchObject({
      status: 400,
      detail: 'batchSize must be 1 with the kind "workflow", got 2.',
    });
    expect(await (await put({ ordered: true })).json()).toMatchObject({ batchSize: 2, ordered: true });
    expect(await (await put({ batchSize: undefined })).json()).toMatchObject({ batchSize: 1 });
  });

  it("an endpoint keeps the number of shards that it has grown to", async () => {
    const { endpoint } = await receiving({ shards: 2 });
    const { endpoints, audit } = isolate.readDirectory(env);
    const change = { actor: "endpoint-dispatcher", requestId: "test", nowMs: Date.now() };
    // A script may have read the endpoint before.
    const before = await endpoints.find(endpoint.id);
    const raises = await Promise.all([1, 2].map(() => endpoints.raiseShards(endpoint.id, { from: 2, to: 4 }, change)));
    expect(raises.filter((isRaised) => isRaised)).toHaveLength(1);
    expect((await endpoints.update(endpoint.id, before!, change))!.shards).toBe(4);
    const { target } = endpoint;
    expect(await administer("PUT", at({ endpoint }), { name: "n", kind: "https", target })).toMatchObject({
      shards: 4,
    });
    const { items } = await audit.list({ app: APP, limit: 20, cursor: undefined });
    expect(items.filter(({ action }) => action === "endpoint.shards_raised")).toMatchObject([
      { actor: "endpoint-dispatcher", target: endpoint.id },
    ]);
    await endpoints.update(endpoint.id, { ...before!, ordered: true }, change);
    expect(await endpoints.raiseShards(endpoint.id, { from: 4, to: 8 }, change)).toBe(false);
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
