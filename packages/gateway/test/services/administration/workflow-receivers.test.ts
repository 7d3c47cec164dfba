import { env, exports } from "cloudflare:workers";
import { createDeliveryVerifier } from "@ghl-edge/webhooks/gateway";
import { describe, expect, it } from "vitest";
import { createDirectory } from "../../../src/directory/directory.ts";
import { createRecentEndpoints } from "../../../src/directory/recent-endpoints.ts";
import type { AuditEntry, Page } from "../../../src/domain/administration-model.ts";
import type { WorkflowReceiver } from "../../../src/domain/marketplace/workflow-receiver.ts";
import type { Gateway } from "../../../src/entrypoint.ts";
import type { WorkflowReceiverWithSecrets } from "../../../src/services/administration/workflow-receivers.ts";
import { isolate } from "../../../src/worker.ts";
import { admin, administer, all, asOperator, codeOf, team } from "../../support/calls/admin.ts";
import { addWorkflowReceiver, run, type TestWorkflowReceiver } from "../../support/calls/workflows.ts";
import { destination as backend } from "../../support/endpoints/endpoints.ts";
import { APP, DESTINATION, LOCATIONS } from "../../support/setup/settings.ts";

const location = LOCATIONS[220]!;
const INVALID = [400, "ERR_GHL_GATEWAY_INPUT_INVALID"];
const UNKNOWN = [404, "ERR_GHL_GATEWAY_NOT_IN_DIRECTORY"];
const at = ({ receiver }: TestWorkflowReceiver, rest = ""): string => `/admin/workflow-receivers/${receiver.id}${rest}`;
const change = (one: TestWorkflowReceiver, settings: object) =>
  administer<WorkflowReceiverWithSecrets>("PUT", at(one), {
    name: "test",
    location: null,
    ...settings,
  });
const rotate = (one: TestWorkflowReceiver, body: object) =>
  administer<{ secret: string | null; previousValidUntilMs: number | null }>("POST", at(one, "/secrets"), body);

describe("a workflow receiver", () => {
  it("a workflow receiver is created, shown, listed, changed and removed, each with an audit entry", async () => {
    const one = await addWorkflowReceiver({ location });
    expect(one.receiver).toMatchObject({
      id: expect.stringMatching(/^wr_[0-9a-f]{28}$/) as string,
      app: APP,
      kind: "webhook",
      location,
      auth: { kind: "header", name: "x-secret" },
      callback: null,
      state: "active",
      createdBy: "admin-key:tests",
    });
    expect(await administer("GET", at(one))).toEqual(one.receiver);
    const { items } = await all<WorkflowReceiver>("/admin/workflow-receivers?", 1);
    expect(items).toContainEqual(one.receiver);
    expect((await administer<Page<unknown>>("GET", "/admin/workflow-receivers?app=wide")).items).toEqual([]);
    const changed = await change(one, { name: "renamed", state: "disabled" });
    expect(changed).toMatchObject({
      secret: null,
      callbackSecret: null,
      receiver: { name: "renamed", location: null, state: "disabled" },
    });
    // A change without location would open every location.
    expect(await codeOf(await admin("PUT", at(one), { body: { name: "renamed" } }))).toEqual(INVALID);
    expect((await admin("DELETE", at(one))).status).toBe(204);
    expect(await codeOf(await admin("DELETE", at(one)))).toEqual(UNKNOWN);
    expect(await codeOf(await admin("GET", at(one)))).toEqual(UNKNOWN);
    const audit = await administer<Page<AuditEntry>>("GET", `/admin/audit?app=${APP}&limit=50`);
    const mine = audit.items.filter(({ target }) => target === one.receiver.id).map(({ action }) => action);
    expect(mine).toEqual(["workflow_receiver.removed", "workflow_receiver.changed", "workflow_receiver.created"]);
  });

  it("a workflow receiver shows a generated secret once, and a given one never", async () => {
    const given = "given-by-the-operator";
    const one = await addWorkflowReceiver({ auth: { kind: "header", name: "x-secret", secret: given } });
    expect(one.secret).toBeNull();
    expect((await run({ ...one, secret: given }, {})).status).toBe(200);
    const made = await addWorkflowReceiver({ kind: "action", callback: { service: "TESTS" } });
    const [secret, callbackSecret] = [made.secret!, made.callbackSecret!];
    const { results } = await env.DIRECTORY.prepare("SELECT * FROM workflow_receiver").all();
    const shown = [
      JSON.stringify(await administer("GET", "/admin/workflow-receivers")),
      JSON.stringify(await administer("GET", at(made))),
      JSON.stringify(await change(made, { callback: { service: "TESTS" } })),
      JSON.stringify(await administer("GET", "/admin/audit")),
      JSON.stringify(results),
    ].join();
    for (const hidden of [given, secret, callbackSecret]) expect(shown).not.toContain(hidden);
  });

  it("a workflow receiver keeps its secrets when it changes, and gets one for callbacks when it begins to send them", async () => {
    const one = await addWorkflowReceiver({ kind: "action" });
    expect(one.callbackSecret).toBeNull();
    const path = `/${crypto.randomUUID()}`;
    const { callbackSecret } = await change(one, { callback: { url: DESTINATION + path } });
    await backend.behave({ path }, { body: "{}" });
    expect((await run(one, {})).status).toBe(200);
    const [{ body, headers } = { body: "", headers: {} }] = await backend.received({ path });
    await createDeliveryVerifier({ secrets: [callbackSecret!] }).verifySignature({ body, headers });
    // A receiver that drops its callback and gets one again keeps the secret.
    await change(one, {});
    expect((await change(one, { callback: { url: DESTINATION + path } })).callbackSecret).toBeNull();
  });

  it("a workflow receiver has each secret replaced with an overlap, or at once", async () => {
    const one = await addWorkflowReceiver({ kind: "action", callback: { url: `${DESTINATION}/rotated` } });
    const before = Date.now();
    const next = await rotate(one, { of: "auth" });
    expect(next.previousValidUntilMs).toBeGreaterThanOrEqual(before + 24 * 3_600_000);
    const given = await rotate(one, { of: "auth", secret: "given-by-the-operator", overlapHours: 0 });
    expect(given).toEqual({ secret: null, previousValidUntilMs: null });
    await rotate(one, { of: "callback", overlapHours: 2 });
    const opened = await isolate.readDirectory(env).workflowReceivers.open(one.receiver.id);
    expect(opened?.secrets.auth).toEqual([{ secret: "given-by-the-operator", untilMs: null }]);
    expect(opened?.secrets.callback).toMatchObject([{ untilMs: null }, { secret: one.callbackSecret }]);
    for (const body of [
      {},
      { of: "both" },
      { of: "callback", secret: "x".repeat(20) },
      { of: "auth", secret: "short" },
    ])
      expect(await codeOf(await admin("POST", at(one, "/secrets"), { body }))).toEqual(INVALID);
    expect(
      await codeOf(await admin("POST", at(await addWorkflowReceiver(), "/secrets"), { body: { of: "callback" } })),
    ).toEqual(INVALID);
  });

  it.each<[string, object]>([
    ["another app", { app: "nobody" }],
    ["no name", { name: "" }],
    ["another kind", { kind: "hook" }],
    ["a location that is none", { location: "a/b" }],
    ["no word about its location", { location: undefined }],
    ["another state", { state: "paused" }],
    ["a misspelt restriction", { locations: [location] }],
    ["no auth", { auth: undefined }],
    ["another way to authenticate", { auth: { kind: "verify", name: "x" } }],
    ["a header without a name", { auth: { kind: "header" } }],
    ["a header with a wrong name", { auth: { kind: "header", name: "x secret" } }],
    ["a user with a colon", { auth: { kind: "basic", name: "a:b" } }],
    ["a name for bearer", { auth: { kind: "bearer", name: "x" } }],
    ["a short secret", { auth: { kind: "bearer", secret: "s3cret" } }],
    ["a secret that no header carries", { auth: { kind: "header", name: "x", secret: "s3cret\n".repeat(4) } }],
    ["a callback for a webhook", { callback: { url: `${DESTINATION}/x` } }],
    ["an address inside", { kind: "action", callback: { url: "https://s3cret.internal/" } }],
    ["a binding that there is not", { kind: "action", callback: { service: "NOBODY" } }],
    ["a URL and a service", { kind: "action", callback: { url: `${DESTINATION}/x`, service: "TESTS" } }],
  ])("a workflow receiver with %s is refused, without its values in the answer", async (_what, settings) => {
    const request = { app: APP, name: "x", kind: "webhook", location: null, auth: { kind: "bearer" }, ...settings };
    const response = await admin("POST", "/admin/workflow-receivers", { body: request });
    const text = await response.clone().text();
    expect((await codeOf(response))[0]).toBe("app" in settings ? 404 : 400);
    expect(text).not.toContain("s3cret");
  });

  it("a workflow receiver is sealed to its place, under a key that can be changed", async () => {
    const [one, other] = [await addWorkflowReceiver(), await addWorkflowReceiver()];
    const sealed = async ({ receiver: { id } }: TestWorkflowReceiver) =>
      (await env.DIRECTORY.prepare("SELECT secrets FROM workflow_receiver WHERE id = ?")
        .bind(id)
        .first<string>("secrets"))!;
    const { activeId, keys } = isolate.readConfig(env).tokenKeys;
    const ring = { activeId: "k2", keys: new Map([...keys, ["k2", new Uint8Array(32).fill(9)]]) };
    const opened = await createDirectory(env.DIRECTORY, ring, createRecentEndpoints()).workflowReceivers.open(
      one.receiver.id,
    );
    expect(opened?.secrets.auth).toMatchObject([{ secret: one.secret }]);
    expect([activeId, await sealed(one)]).toEqual(["k1", expect.stringMatching(/^k2\./)]);
    const alone = { activeId: "k2", keys: new Map([["k2", new Uint8Array(32).fill(9)]]) };
    const { workflowReceivers } = createDirectory(env.DIRECTORY, alone, createRecentEndpoints());
    expect(await workflowReceivers.open(one.receiver.id)).toEqual(opened);
    const paste = "UPDATE workflow_receiver SET secrets = ? WHERE id = ?";
    await env.DIRECTORY.prepare(paste)
      .bind(await sealed(one), other.receiver.id)
      .run();
    expect(await workflowReceivers.open(other.receiver.id)).toMatchObject({
      readable: false,
      secrets: { auth: [], callback: [] },
    });
  });

  it("a workflow receiver is read by viewers and changed by admins, also by a binding", async () => {
    const one = await addWorkflowReceiver();
    await administer("PUT", "/admin/operators/viewer@example.com", { role: "viewer" });
    const viewer = asOperator(await team.token({ email: "viewer@example.com" }));
    expect((await admin("GET", at(one), { headers: viewer })).status).toBe(200);
    for (const [method, path] of [
      ["POST", "/admin/workflow-receivers"],
      ["PUT", at(one)],
      ["POST", at(one, "/secrets")],
      ["DELETE", at(one)],
    ] as const)
      expect((await admin(method, path, { body: {}, headers: viewer })).status).toBe(403);
    const bind = exports.Gateway as unknown as (options: { props: unknown }) => Service<Gateway>;
    const reading = bind({ props: { admin: "viewer" } });
    expect(await reading.getWorkflowReceiver({ id: one.receiver.id })).toEqual({ ok: true, value: one.receiver });
    expect(await reading.listWorkflowReceivers({ limit: 1 })).toMatchObject({ ok: true });
    expect(await reading.removeWorkflowReceiver({ id: one.receiver.id })).toMatchObject({ ok: false });
    const writing = bind({ props: { name: "console", admin: "admin" } });
    const request = { app: APP, name: "bound", kind: "webhook", location: null, auth: { kind: "bearer" } } as const;
    const created = await writing.createWorkflowReceiver(request);
    expect(created).toMatchObject({ ok: true, value: { receiver: { createdBy: "binding:console" } } });
    if (!created.ok) return;
    const { id } = created.value.receiver;
    expect(await writing.changeWorkflowReceiver({ id, name: "again", location: null })).toMatchObject({ ok: true });
    expect(await writing.rotateWorkflowReceiverSecret({ id, of: "auth" })).toMatchObject({ ok: true });
    expect(await writing.removeWorkflowReceiver({ id })).toMatchObject({ ok: true });
  });
});
