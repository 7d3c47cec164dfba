import { exports } from "cloudflare:workers";
import { createClient } from "@ghl-edge/client";
import { Contacts } from "@ghl-edge/client/v3/contacts";
import { beforeAll, describe, expect, it } from "vitest";
import type { BindingProps } from "../src/domain/access/binding-props.ts";
import type { Gateway } from "../src/entrypoint.ts";
import { adminActions } from "../src/services/administration/actions/actions.ts";
import { administer } from "./support/calls/admin.ts";
import { codeOf, installFromMarketplace, installLocation, upstream } from "./support/calls/gateway.ts";
import { APP, LOCATIONS } from "./support/setup/settings.ts";

const [ONE, TWO, PENDING, ENDED] = LOCATIONS.slice(34) as [string, string, string, string];

/** Makes the `env.GHL` of a Worker whose binding has these props. */
function bind(props?: unknown): Service<Gateway> {
  const loopback = exports.Gateway as unknown as (options: { props?: unknown }) => Service<Gateway>;
  return loopback(props === undefined ? {} : { props });
}

function read(props: BindingProps, location: string, init?: RequestInit): Promise<Response> {
  return bind(props).fetch(`https://any.host/api/location/${location}/contacts/c1`, init);
}

beforeAll(async () => {
  for (const location of [ONE, TWO]) await installLocation(location);
});

describe("a service binding", () => {
  it("a service binding calls HighLevel without a key or a token, by the typed client", async () => {
    const ghl = bind({ name: "reports", app: APP });
    const client = createClient({
      auth: "none",
      baseUrl: `https://gateway/api/location/${ONE}`,
      fetch: (request) => ghl.fetch(request),
    });
    const { contact } = await client.location(ONE).use(Contacts).getContact({ contactId: "c1" });
    expect(contact?.locationId).toBe(ONE);
    expect((await upstream.log()).at(-1)).toMatchObject({ operation: "v3.contacts.getContact", status: 200 });
  });

  it("a service binding receives method, headers and body of the typed client", async () => {
    const ghl = bind({ name: "reports", app: APP, access: "write" });
    const client = createClient({
      auth: "none",
      baseUrl: `https://gateway/api/location/${ONE}`,
      fetch: (request) => ghl.fetch(request),
    });
    const { contact } = await client
      .location(ONE)
      .use(Contacts)
      .createContact({ body: { firstName: "Ada" } });
    expect([contact?.firstName, contact?.locationId]).toEqual(["Ada", ONE]);
    expect((await upstream.log()).at(-1)).toMatchObject({ operation: "v3.contacts.createContact", status: 201 });
  });

  it("a service binding reaches what its props say, and nothing without them", async () => {
    const resources = [`location:${ONE}`];
    expect((await read({ app: APP, resources }, ONE)).status).toBe(200);
    const since = (await upstream.log()).length;
    const refused: [BindingProps | undefined, string, RequestInit, string][] = [
      [undefined, ONE, {}, "BINDING_PROPS"],
      [{}, ONE, {}, "BINDING_PROPS"],
      [{ app: "other" }, ONE, {}, "BINDING_PROPS"],
      [{ app: APP, resources }, TWO, {}, "API_KEY_SCOPE"],
      [{ app: APP, resources: [] }, ONE, {}, "API_KEY_SCOPE"],
      // A misspelt restriction allows nothing.
      [{ app: APP, resource: resources } as never, ONE, {}, "BINDING_PROPS"],
      [{ app: APP, resources: ONE as never }, ONE, {}, "BINDING_PROPS"],
      [{ app: APP, resources: [`locations:${ONE}`] }, ONE, {}, "BINDING_PROPS"],
      [{ app: APP }, ONE, { method: "DELETE" }, "API_KEY_SCOPE"],
      [{ app: APP, access: "all" as never }, ONE, { method: "DELETE" }, "BINDING_PROPS"],
    ];
    for (const [props, location, init, code] of refused) {
      const response = await bind(props).fetch(`https://any.host/api/location/${location}/contacts/c1`, init);
      expect([response.status, await codeOf(response)], JSON.stringify(props)).toEqual([
        403,
        `ERR_GHL_GATEWAY_${code}`,
      ]);
    }
    expect((await upstream.log()).length).toBe(since);
  });

  it("a service binding with access to write can write", async () => {
    const response = await read({ app: APP, access: "write" }, ONE, { method: "DELETE" });
    expect(response.headers.get("content-type")).not.toContain("problem");
  });

  it("a service binding has no route but /api", async () => {
    const ghl = bind({ app: APP, access: "write", admin: "admin" });
    for (const path of ["/admin/apps", "/oauth/install", "/webhooks/main"])
      expect(await codeOf(await ghl.fetch(`https://any.host${path}`))).toBe("ERR_GHL_GATEWAY_ROUTE_UNKNOWN");
  });
});

describe("administration by a service binding", () => {
  it("administration by a service binding is the same as by /admin, and the audit says who did it", async () => {
    const gateway = bind({ name: "console", admin: "admin" });
    expect(await gateway.listApps()).toEqual({
      ok: true,
      value: await administer("GET", "/admin/apps"),
    });
    const ref = { app: APP, kind: "location", id: ONE } as const;
    expect(await gateway.getInstallation(ref)).toMatchObject({ ok: true, value: { state: "active" } });
    const created = await gateway.createApiKey({
      name: "by binding",
      app: APP,
      access: "read",
      resources: [{ kind: "location", id: ONE }],
    });
    expect(created).toMatchObject({ ok: true, value: { apiKey: { createdBy: "binding:console" } } });
    const { items } = await administer<{ items: object[] }>("GET", "/admin/audit?limit=1");
    expect(items).toMatchObject([{ actor: "binding:console", action: "api_key.created" }]);
  });

  it("administration by a service binding reconciles a location, for the role admin alone, and checks its input", async () => {
    const request = {
      app: APP,
      id: TWO,
      sinceMs: Date.now() - 60_000,
      modules: ["contacts"],
      dryRun: true,
    } as const;
    const denied = { ok: false, problem: { code: "ERR_GHL_GATEWAY_ADMIN_FORBIDDEN" } };
    expect(await bind({ admin: "viewer" }).reconcileLocation(request)).toMatchObject(denied);
    const done = { ok: true, value: { modules: [{ module: "contacts", refused: null }], nextCursor: null } };
    expect(await bind({ admin: "admin" }).reconcileLocation(request)).toMatchObject(done);
    const invalid = { ok: false, problem: { code: "ERR_GHL_GATEWAY_INPUT_INVALID" } };
    for (const wrong of [{ kind: "company" }, { id: "a:b" }])
      expect(await bind({ admin: "admin" }).reconcileLocation({ ...request, ...wrong })).toMatchObject(invalid);
  });

  it("administration by a service binding refuses malformed props with the field that is wrong", async () => {
    const problem = {
      code: "ERR_GHL_GATEWAY_BINDING_PROPS",
      detail: expect.stringContaining('props.admin must be one of viewer, admin, got "owner"'),
    };
    expect(await bind({ admin: "owner" as never }).listEndpoints({})).toMatchObject({ ok: false, problem });
  });

  it("administration by a service binding approves a pending installation", async () => {
    const ref = { app: APP, kind: "location", id: PENDING } as const;
    await installFromMarketplace(PENDING);
    const denied = { ok: false, problem: { code: "ERR_GHL_GATEWAY_ADMIN_FORBIDDEN" } };
    expect(await bind({ admin: "viewer" }).approveInstallation(ref)).toMatchObject(denied);
    expect(await bind({ admin: "viewer" }).retryInstallation(ref)).toMatchObject(denied);
    expect(await bind({ admin: "admin" }).retryInstallation(ref)).toMatchObject({
      ok: true,
      value: { lastProblem: null },
    });
    expect(await bind({ admin: "admin" }).approveInstallation(ref)).toMatchObject({
      ok: true,
      value: { state: "active" },
    });
    const again = { ok: false, problem: { code: "ERR_GHL_GATEWAY_NOTHING_PENDING" } };
    expect(await bind({ admin: "admin" }).approveInstallation(ref)).toMatchObject(again);
  });

  it("administration by a service binding uninstalls at HighLevel, too", async () => {
    const request = { app: APP, kind: "location", id: ENDED, atHighLevel: true } as const;
    await installLocation(ENDED);
    const denied = { ok: false, problem: { code: "ERR_GHL_GATEWAY_ADMIN_FORBIDDEN" } };
    expect(await bind({ admin: "viewer" }).uninstall(request)).toMatchObject(denied);
    const since = (await upstream.log()).length;
    expect(await bind({ admin: "admin" }).uninstall(request)).toMatchObject({ value: { state: "uninstalled" } });
    const calls = (await upstream.log()).slice(since).map(({ operation }) => operation);
    expect(calls).toEqual(["v3.marketplace.uninstallApplication"]);
  });

  it("administration by a service binding creates endpoints and reads events, with the same input rules", async () => {
    const gateway = bind({ name: "console", admin: "admin" });
    const request = { name: "n", app: APP, kind: "service", target: "TESTS", filter: { id: ["1"] } } as const;
    const created = await gateway.createEndpoint(request);
    expect(created).toMatchObject({ ok: true, value: { endpoint: { createdBy: "binding:console" } } });
    if (!created.ok) throw new Error("no endpoint");
    const { id } = created.value.endpoint;
    const page = { limit: 10 };
    expect(await gateway.listEndpoints(page)).toMatchObject({
      ok: true,
      value: { items: [{ id, filter: request.filter }] },
    });
    expect(await gateway.listDeliveries({ id, ...page })).toEqual({ ok: true, value: { items: [], nextCursor: null } });
    expect(await gateway.listEvents({ app: APP, ...page })).toMatchObject({ ok: true, value: { nextCursor: null } });
    const replay = { app: APP, endpoint: id, filter: {}, dryRun: true } as const;
    expect(await gateway.replayEvents(replay)).toMatchObject({ ok: true, value: { nextCursor: null } });
    const refused = { ok: false, problem: { code: "ERR_GHL_GATEWAY_INPUT_INVALID" } };
    expect(await gateway.createEndpoint({ ...request, target: "NOBODY" })).toMatchObject(refused);
    expect(await gateway.changeEndpoint({ id, ...request } as never)).toMatchObject(refused);
    expect(await gateway.rotateEndpointSecret({ id, overlapHours: 200 })).toMatchObject(refused);
    expect(await gateway.replayEvents({ ...replay, filter: undefined as never })).toMatchObject(refused);
    expect(await gateway.removeEndpoint({ id })).toEqual({ ok: true, value: undefined });
    const denied = { ok: false, problem: { code: "ERR_GHL_GATEWAY_ADMIN_FORBIDDEN" } };
    const viewer = bind({ admin: "viewer" });
    expect(await viewer.listEndpoints(page)).toMatchObject({ ok: true });
    expect(await viewer.createEndpoint(request)).toMatchObject(denied);
    expect(await viewer.replayEvents(replay)).toMatchObject(denied);
  });

  it("every action of the table is a method that a binding calls, and that checks the role", async () => {
    const nobody = bind() as unknown as Record<string, (input: object) => Promise<unknown>>;
    const denied = { ok: false, problem: { code: "ERR_GHL_GATEWAY_ADMIN_FORBIDDEN" } };
    for (const name of Object.keys(adminActions)) expect(await nobody[name]!({}), name).toMatchObject(denied);
    const viewer = bind({ admin: "viewer" }) as unknown as typeof nobody;
    for (const [name, { role }] of Object.entries(adminActions))
      if (role === "admin") expect(await viewer[name]!({}), name).toMatchObject(denied);
      else expect(await viewer[name]!({}), name).not.toMatchObject(denied);
  });

  it("administration by a service binding is limited to its role", async () => {
    const request = { name: "k", app: APP, access: "read", resources: null } as const;
    const denied = { ok: false, problem: { status: 403, code: "ERR_GHL_GATEWAY_ADMIN_FORBIDDEN" } };
    expect(await bind({ admin: "viewer" }).listApiKeys({ limit: 1 })).toMatchObject({ ok: true });
    expect(await bind({ admin: "viewer" }).createApiKey(request)).toMatchObject(denied);
    expect(await bind({ app: APP, access: "write" }).listApps()).toMatchObject(denied);
    const malformed = { ok: false, problem: { status: 403, code: "ERR_GHL_GATEWAY_BINDING_PROPS" } };
    expect(await bind({ admin: "tenant" }).listApps()).toMatchObject(malformed);
    expect(await bind().listApps()).toMatchObject(denied);
  });

  it("administration by a service binding answers problems with their code, and checks its input", async () => {
    const gateway = bind({ admin: "admin" });
    expect(await gateway.revokeApiKey({ id: "0000000000000000" })).toMatchObject({
      ok: false,
      problem: { status: 404, code: "ERR_GHL_GATEWAY_NOT_IN_DIRECTORY", requestId: expect.any(String) as string },
    });
    const resources = [{ kind: "location", id: `${ONE} location:${TWO}` }] as const;
    expect(await gateway.createApiKey({ name: "k", app: APP, access: "read", resources })).toMatchObject({
      ok: false,
      problem: { code: "ERR_GHL_GATEWAY_INPUT_INVALID" },
    });
  });
});

it.each(["pit-\r\nx-other: b", "short", 7, null])(
  "a binding stores no private integration token that no header can carry: %j",
  async (token) => {
    const admin = bind({ name: "reports", admin: "admin" });
    const ref = { app: APP, kind: "location", id: ONE } as const;
    const answer = await admin.putPrivateToken({ ...ref, token: token as string });
    expect(answer).toMatchObject({ ok: false, problem: { code: "ERR_GHL_GATEWAY_INPUT_INVALID" } });
  },
);
