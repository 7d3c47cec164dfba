import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import type { ApiKey, AuditEntry, Installation } from "../../../src/domain/administration-model.ts";
import { admin, administer, all, codeOf } from "../../support/calls/admin.ts";
import { call, deliver, install, installLocation, readContact } from "../../support/calls/gateway.ts";
import { APP, COMPANY, GATEWAY, LOCATIONS, SCOPES } from "../../support/setup/settings.ts";
import { FIRST, installOurs, OURS } from "./installations-of-tests.ts";

beforeAll(installOurs);

describe("installations", () => {
  it("installations are listed in pages, each once, in order", async () => {
    const { items, pages } = await all<Installation>("/admin/installations?kind=location&", 2);
    expect(items.map(({ resource }) => resource.id)).toEqual(OURS);
    expect(pages).toBe(3);
    expect((await all<Installation>("/admin/installations?", 200)).items.length).toBe(OURS.length + 1);
  });

  it("installations are filtered by company, kind, state and app", async () => {
    const count = async (query: string) =>
      (await all<Installation>(`/admin/installations?${query}&`, 200)).items.length;
    expect(await count(`companyId=${COMPANY}`)).toBe(OURS.length + 1);
    expect(await count("kind=company")).toBe(1);
    expect(await count("state=uninstalled")).toBe(0);
    expect(await count("app=other")).toBe(0);
  });

  it("installations show what the installation reported, and no token", async () => {
    const found = await administer<Installation>("GET", `/admin/installations/${APP}/location/${FIRST}`);
    expect(found).toEqual({
      app: APP,
      resource: { kind: "location", id: FIRST },
      companyId: COMPANY,
      state: "active",
      scopes: SCOPES,
      lastProblem: null,
      installedAtMs: expect.any(Number) as number,
      changedAtMs: found.installedAtMs,
    });
  });

  it("installations have a link at which they are authorized again", async () => {
    const { url } = await administer<{ url: string }>(
      "GET",
      `/admin/installations/${APP}/location/${FIRST}/reauth-link`,
    );
    expect(url).toBe(`${GATEWAY}/oauth/install?app=${APP}`);
    expect((await call(url.slice(GATEWAY.length))).status).toBe(302);
  });

  it("installations that are not known are 404", async () => {
    const unknown = [404, "ERR_GHL_GATEWAY_NOT_IN_DIRECTORY"];
    for (const path of [`${APP}/location/nowhere`, `${APP}/company/${FIRST}/reauth-link`])
      expect(await codeOf(await admin("GET", `/admin/installations/${path}`))).toEqual(unknown);
    expect(await codeOf(await admin("DELETE", `/admin/installations/${APP}/location/nowhere`))).toEqual(unknown);
    expect(await codeOf(await admin("GET", `/admin/installations/other/location/${FIRST}`))).toEqual([
      404,
      "ERR_GHL_GATEWAY_APP_UNKNOWN",
    ]);
  });

  it("installations are counted for each app, of which no secret is shown", async () => {
    const { items } = await administer<{ items: unknown[] }>("GET", "/admin/apps");
    expect(items).toContainEqual({
      name: APP,
      clientId: expect.any(String) as string,
      scopes: SCOPES,
      installations: { active: OURS.length + 1 },
    });
  });

  it("an installation works although the directory is away, which hears of it when an operator looks", async () => {
    const away = LOCATIONS[29]!;
    await env.DIRECTORY.prepare("ALTER TABLE installation RENAME TO installation_away").run();
    try {
      expect((await install({ locationId: away })).status).toBe(200);
      expect(await codeOf(await admin("GET", "/admin/installations"))).toEqual([
        503,
        "ERR_GHL_GATEWAY_DIRECTORY_UNREACHABLE",
      ]);
    } finally {
      await env.DIRECTORY.prepare("ALTER TABLE installation_away RENAME TO installation").run();
    }
    expect((await readContact(away)).status).toBe(200);
    const path = `/admin/installations/${APP}/location/${away}`;
    expect(await administer("GET", path)).toMatchObject({ state: "active", companyId: COMPANY });
  });
});

describe("the end of an installation", () => {
  const [ended, reported, byToken] = LOCATIONS.slice(30, 33) as [string, string, string];
  const at = (location: string) => `/admin/installations/${APP}/location/${location}`;

  it("the end of an installation by an operator removes its tokens", async () => {
    await installLocation(ended);
    expect(await administer("DELETE", at(ended))).toMatchObject({ state: "uninstalled" });
    expect(await codeOf(await readContact(ended))).toEqual([404, "ERR_GHL_GATEWAY_NOT_INSTALLED"]);
    expect(await administer("GET", at(ended))).toMatchObject({ state: "uninstalled" });
  });

  it("the INSTALL and UNINSTALL that signed webhooks report are in the directory, and a late UNINSTALL is not", async () => {
    await deliver("INSTALL", { locationId: reported, companyId: COMPANY, timestamp: new Date().toISOString() });
    const listed = async () =>
      (await all<Installation>("/admin/installations?kind=location&", 200)).items.find(
        ({ resource }) => resource.id === reported,
      );
    // The company's grant serves it; nothing has been asked of it yet.
    expect(await listed()).toMatchObject({ companyId: COMPANY, state: "pending" });
    await deliver("UNINSTALL", { locationId: reported, timestamp: new Date(Date.now() - 600_000).toISOString() });
    expect((await listed())?.state).toBe("pending");
    await deliver("UNINSTALL", { locationId: reported, timestamp: new Date(Date.now() + 1_000).toISOString() });
    expect((await listed())?.state).toBe("uninstalled");
  });

  it("a private integration token makes an installation without OAuth, and is shown nowhere", async () => {
    const token = "pit-00000000-0000-0000-0000-000000000000";
    expect(await administer("PUT", `${at(byToken)}/private-token`, { token })).toMatchObject({
      due: false,
      previousValidUntilMs: null,
    });
    expect(await administer("GET", at(byToken))).toMatchObject({ state: "active", scopes: [] });
    const [entry] = (await all<AuditEntry>("/admin/audit?", 200)).items;
    expect(entry).toMatchObject({ action: "private_token.stored", target: `location:${byToken}` });
    const rows = await env.DIRECTORY.batch(
      ["installation", "audit"].map((table) => env.DIRECTORY.prepare(`SELECT * FROM ${table}`)),
    );
    expect(JSON.stringify(rows)).not.toContain(token);
  });
});

describe("the audit", () => {
  it("the audit says who did what by which request, newest first, in pages", async () => {
    const { apiKey } = await administer<{ apiKey: ApiKey }>("POST", "/admin/api-keys", { name: "audited", app: APP });
    const revoked = await admin("DELETE", `/admin/api-keys/${apiKey.id}`);
    const { items } = await all<AuditEntry>(`/admin/audit?app=${APP}&`, 3);
    expect(items.map(({ id }) => id)).toEqual(items.map(({ id }) => id).sort((left, right) => right - left));
    expect(items.slice(0, 2)).toMatchObject([
      {
        actor: "admin-key:tests",
        action: "api_key.revoked",
        target: apiKey.id,
        requestId: revoked.headers.get("x-gateway-request-id"),
      },
      { actor: "admin-key:tests", action: "api_key.created", target: apiKey.id },
    ]);
    expect(items.filter(({ action }) => action === "installation.installed").length).toBeGreaterThan(OURS.length);
  });
});

describe("input that is not what the document says is refused", () => {
  const key = { name: "k", app: APP };
  it.each<[string, string, string, unknown]>([
    ["a limit of nothing", "GET", "/admin/installations?limit=0", undefined],
    ["a limit too high", "GET", "/admin/audit?limit=201", undefined],
    ["a cursor of another list", "GET", "/admin/installations?cursor=WzFd", undefined],
    ["a cursor of another list", "GET", "/admin/installations?cursor=WyJhIl0", undefined],
    ["an unknown state", "GET", "/admin/installations?state=gone", undefined],
    ["an unknown kind", "GET", `/admin/installations/${APP}/user/x`, undefined],
    ["no name", "POST", "/admin/api-keys", { app: APP }],
    ["a name with controls", "POST", "/admin/api-keys", { ...key, name: "a\nb" }],
    ["unknown access", "POST", "/admin/api-keys", { ...key, access: "all" }],
    ["no resources at all", "POST", "/admin/api-keys", { ...key, resources: [] }],
    ["a resource that is a text", "POST", "/admin/api-keys", { ...key, resources: ["location:x"] }],
    ["an id with a colon", "POST", "/admin/api-keys", { ...key, resources: [{ kind: "location", id: "a:b c" }] }],
    ["a misspelt restriction", "POST", "/admin/api-keys", { ...key, resource: [{ kind: "location", id: "a" }] }],
    ["an array", "POST", "/admin/api-keys", []],
    ["an unknown role", "PUT", "/admin/operators/a@b.example", { role: "tenant" }],
  ])("input that differs from the document is refused: %s", async (_what, method, path, body) => {
    expect(await codeOf(await admin(method, path, { body }))).toEqual([400, "ERR_GHL_GATEWAY_INPUT_INVALID"]);
  });

  it("a query parameter that the operation does not have, before anything is done", async () => {
    const location = LOCATIONS[9]!;
    await installLocation(location);
    const path = `/admin/installations/${APP}/location/${location}`;
    const refused = await admin("DELETE", `${path}?atHighlevel=true`);
    expect(refused.status).toBe(400);
    const { detail } = await refused.json<{ detail: string }>();
    expect(detail).toBe('unknown query parameter "atHighlevel"; did you mean "atHighLevel"?');
    expect(await administer("GET", path)).toMatchObject({ state: "active" });
    expect((await admin("GET", `/admin/events?app=${APP}&resource=location:${location}`)).status).toBe(400);
    expect((await admin("GET", `${path}?s3cret%20text=1`)).status).toBe(400);
  });

  it("a body that a form of another site could send is refused", async () => {
    const headers = { authorization: "Bearer gateway-admin-key-000000000000000", "content-type": "text/plain" };
    const response = await call("/admin/api-keys", { method: "POST", headers, body: JSON.stringify(key) });
    expect(await codeOf(response)).toEqual([400, "ERR_GHL_GATEWAY_INPUT_INVALID"]);
  });

  it("a key for an unknown app is refused", async () => {
    expect(await codeOf(await admin("POST", "/admin/api-keys", { body: { ...key, app: "other" } }))).toEqual([
      404,
      "ERR_GHL_GATEWAY_APP_UNKNOWN",
    ]);
  });
});
