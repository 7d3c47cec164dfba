import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { AuditEntry, Installation, Page } from "../../src/domain/administration-model.ts";
import { admin, administer, codeOf } from "../support/calls/admin.ts";
import {
  deliver,
  install,
  installCompany,
  installFromMarketplace,
  installLocation,
  leaveOfDay,
  readContact,
  upstream,
} from "../support/calls/gateway.ts";
import { APP, COMPANY, LOCATIONS, UPSTREAM } from "../support/setup/settings.ts";

const locations = LOCATIONS.slice(100, 120);
const next = (): string => locations.shift()!;
const WITHOUT_TOKEN = [409, "ERR_GHL_GATEWAY_UNINSTALL_WITHOUT_TOKEN"];
const REFUSED = [502, "ERR_GHL_GATEWAY_UNINSTALL_REFUSED"];
const OPERATION = "v3.marketplace.uninstallApplication";

const pathOf = (id: string, kind = "location"): string => `/admin/installations/${APP}/${kind}/${id}`;
const uninstall = (id: string, kind?: string) => admin("DELETE", `${pathOf(id, kind)}?atHighLevel=true`);
const stateOf = async (location: string) => (await administer<Installation>("GET", pathOf(location))).state;

async function auditOf(location: string): Promise<string[]> {
  const { items } = await administer<Page<AuditEntry>>("GET", "/admin/audit?limit=200");
  return items.filter(({ target }) => target === `location:${location}`).map(({ action }) => action);
}

async function tokenOf(kind: "location" | "company", id: string): Promise<string> {
  const tenant = { app: APP, resource: { kind, id } } as const;
  const reply = await env.TOKEN_GRANT.getByName(`${APP}:${kind}:${id}`).accessToken({
    ...tenant,
    acceptedTokenTypes: "oauth",
  });
  if (!reply.ok) throw new Error(reply.reason);
  return reply.accessToken;
}

/** HighLevel's answer to a token. */
const useAtHighLevel = async (token: string): Promise<number> =>
  (
    await fetch(`${UPSTREAM}/contacts/c1`, {
      headers: { authorization: `Bearer ${token}`, version: "v3" },
    })
  ).status;

/** Number of the next uninstall requests that HighLevel carries out and whose answers are lost. */
let lose = 0;
let sent: { readonly url: string; readonly headers: Headers; readonly body: unknown }[] = [];

beforeEach(() => {
  sent = [];
  lose = 0;
  const { fetch } = globalThis;
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input as RequestInfo, init);
    if (request.method !== "DELETE") return fetch(request);
    sent.push({ url: request.url, headers: request.headers, body: await request.clone().json() });
    const response = await fetch(request);
    if (lose === 0) return response;
    lose -= 1;
    throw new TypeError("Network connection lost.");
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe("uninstalling at HighLevel, too", () => {
  it("uninstalling at HighLevel ends the installation there, by its own token, and then removes the tokens here", async () => {
    const location = next();
    await installLocation(location);
    const token = await tokenOf("location", location);
    expect(await (await uninstall(location)).json()).toMatchObject({ state: "uninstalled" });
    expect(await useAtHighLevel(token)).toBe(401);
    expect((await readContact(location)).status).toBe(404);
    expect(sent).toHaveLength(1);
    const { url, headers, body } = sent[0]!;
    expect(url).toBe(`${UPSTREAM}/marketplace/app/65f0c0ffee65f0c0ffee65f0/installations`);
    expect([headers.get("authorization"), headers.get("version")]).toEqual([`Bearer ${token}`, "v3"]);
    expect(body).toEqual({ locationId: location, reason: expect.stringMatching(/./) as string });
    expect((await auditOf(location)).slice(0, 2)).toEqual([
      "installation.uninstalled",
      "installation.uninstalled_at_highlevel",
    ]);
  });

  it("uninstalling at HighLevel needs a request that says so", async () => {
    const location = next();
    for (const query of ["", "?atHighLevel=false"]) {
      await installLocation(location);
      const token = await tokenOf("location", location);
      expect(await administer("DELETE", pathOf(location) + query)).toMatchObject({ state: "uninstalled" });
      expect(await useAtHighLevel(token)).toBe(200);
    }
    expect(sent).toEqual([]);
    const unread = await admin("DELETE", `${pathOf(location)}?atHighLevel=yes`);
    expect(await codeOf(unread)).toEqual([400, "ERR_GHL_GATEWAY_INPUT_INVALID"]);
  });

  it("uninstalling at HighLevel uses the next access token when HighLevel refuses the first", async () => {
    const location = next();
    await installLocation(location);
    await upstream.expire({ kind: "location", id: location });
    expect((await uninstall(location)).status).toBe(200);
    expect(sent).toHaveLength(2);
    expect((await upstream.log()).at(-1)).toMatchObject({ operation: OPERATION, status: 200 });
  });
});

describe("nothing is forgotten", () => {
  it.each([
    [400, { message: "Reason is not good enough" }],
    [200, { success: false }],
    [403, { message: "The token does not have access to this location." }],
    [500, { message: "Internal Server Error" }],
    [200, {}],
  ])("no token is removed where HighLevel answers %i %j", async (status, body) => {
    const location = next();
    await installLocation(location);
    await upstream.answer("installations", [{ status, body: JSON.stringify(body) }]);
    const response = await uninstall(location);
    const text = await response.clone().text();
    expect(await codeOf(response)).toEqual(REFUSED);
    expect(text).toContain(`${status}`);
    if ("message" in body) expect(text).not.toContain(body.message);
    expect([await stateOf(location), (await readContact(location)).status]).toEqual(["active", 200]);
    expect((await uninstall(location)).status).toBe(200);
  });

  it("no token is removed without the scope, and nothing is sent", async () => {
    const location = next();
    await install({ locationId: location, scope: "contacts.readonly" });
    expect(await codeOf(await uninstall(location))).toEqual([403, "ERR_GHL_GATEWAY_SCOPE"]);
    expect(sent).toEqual([]);
    expect(await stateOf(location)).toBe("active");
  });

  it("no token is removed while the day's budget is used up, and nothing is sent", async () => {
    const [location, other] = [next(), next()];
    await installLocation(location);
    await installLocation(other);
    await leaveOfDay(other, 4_000);
    expect([(await readContact(other)).status, (await uninstall(other)).status]).toEqual([429, 200]);
    sent = [];
    await leaveOfDay(location, 0);
    expect(await codeOf(await uninstall(location))).toEqual([429, "ERR_GHL_GATEWAY_BUDGET_EXHAUSTED"]);
    expect(sent).toEqual([]);
    expect(await stateOf(location)).toBe("active");
  });
});

describe("an answer that is lost", () => {
  it("an answer that is lost leaves the tokens, and the repetition ends what HighLevel has ended", async () => {
    const location = next();
    await installLocation(location);
    lose = 1;
    expect(await codeOf(await uninstall(location))).toEqual([502, "ERR_GHL_GATEWAY_UPSTREAM_UNREACHABLE"]);
    expect(await stateOf(location)).toBe("active");
    expect(await auditOf(location)).toContain("installation.uninstall_unanswered");
    expect(await (await uninstall(location)).json()).toMatchObject({ state: "uninstalled" });
  });

  it("an answer of ours that is lost is harmless: the repetition ends the same", async () => {
    const location = next();
    await installLocation(location);
    expect((await uninstall(location)).status).toBe(200);
    const before = sent.length;
    expect(await (await uninstall(location)).json()).toMatchObject({ state: "uninstalled" });
    expect(sent).toHaveLength(before);
  });
});

describe("an installation that HighLevel has ended", () => {
  it("an installation is removed where HighLevel says that it is not installed", async () => {
    const location = next();
    await installLocation(location);
    const body = JSON.stringify({ statusCode: 400, message: "The app is not installed in this location" });
    await upstream.answer("installations", [{ status: 400, body }]);
    expect(await (await uninstall(location)).json()).toMatchObject({ state: "uninstalled" });
    expect((await readContact(location)).status).toBe(404);
  });

  it("an installation that ended unnoticed is in doubt until its UNINSTALL, because tokens may be refused for other reasons", async () => {
    const location = next();
    await installLocation(location);
    const token = await tokenOf("location", location);
    const path = "/marketplace/app/65f0c0ffee65f0c0ffee65f0/installations";
    const headers = { authorization: `Bearer ${token}`, version: "v3", "content-type": "application/json" };
    await fetch(UPSTREAM + path, { method: "DELETE", headers, body: JSON.stringify({ locationId: location }) });
    expect(await codeOf(await uninstall(location))).toEqual(WITHOUT_TOKEN);
    expect(await stateOf(location)).not.toBe("uninstalled");
    await deliver("UNINSTALL", { locationId: location, timestamp: new Date(Date.now() + 2_000).toISOString() });
    expect(await (await uninstall(location)).json()).toMatchObject({ state: "uninstalled" });
  });
});

describe("an installation without a token", () => {
  it("a call is impossible after the tokens were removed here alone, or while they are pending", async () => {
    const [forgotten, pending] = [next(), next()];
    await installLocation(forgotten);
    await admin("DELETE", pathOf(forgotten));
    await installFromMarketplace(pending);
    for (const location of [forgotten, pending]) expect(await codeOf(await uninstall(location))).toEqual(WITHOUT_TOKEN);
    expect(sent).toEqual([]);
    expect(await stateOf(pending)).toBe("pending");
  });

  it("the end of an older installation is not that of a newer one", async () => {
    const location = next();
    await installLocation(location);
    expect((await uninstall(location)).status).toBe(200);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3_000 });
    await deliver("INSTALL", { locationId: location, timestamp: new Date().toISOString() });
    await admin("DELETE", pathOf(location));
    expect(await codeOf(await uninstall(location))).toEqual(WITHOUT_TOKEN);
    vi.useRealTimers();
  });
});

it("a company's goes by its own token, with all its locations", async () => {
  await installCompany();
  const token = await tokenOf("company", COMPANY);
  expect((await uninstall(COMPANY, "company")).status).toBe(200);
  expect(sent[0]!.body).toMatchObject({ companyId: COMPANY });
  expect(await useAtHighLevel(token)).toBe(401);
  const company = env.TOKEN_GRANT.getByName(`${APP}:company:${COMPANY}`);
  const pending = () =>
    runInDurableObject(company, (_object, { storage }) =>
      storage.sql.exec("SELECT location_id FROM location WHERE event IS NOT NULL").toArray(),
    );
  // Each of the 340 locations is an object to be called, so the time to wait for is theirs, as in `installCompany`.
  const timeout = 20_000 + LOCATIONS.length * 200;
  await vi.waitFor(async () => expect(await pending()).toEqual([]), { timeout, interval: 100 });
}, 240_000);
