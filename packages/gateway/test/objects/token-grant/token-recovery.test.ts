import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Installation } from "../../../src/domain/administration-model.ts";
import { admin, administer } from "../../support/calls/admin.ts";
import {
  call,
  codeOf,
  deliver,
  installCompany,
  installLocation,
  keyed,
  readContact,
  refreshes,
  upstream,
} from "../../support/calls/gateway.ts";
import type { Answer } from "../../support/highlevel/upstream.ts";
import { APP, COMPANY, LOCATIONS } from "../../support/setup/settings.ts";

const locations = LOCATIONS.slice(30, 70);
const nextLocation = (): string => locations.shift()!;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const says = (status: number, message: unknown): Answer => ({
  status,
  body: JSON.stringify({ statusCode: status, message }),
  headers: { "content-type": "application/json" },
});
const page = (status: number): Answer => ({ status, body: "<!doctype html><title>odd</title>" });
const invalidGrant = says(400, "Invalid grant: refresh token is invalid");

const later = (ms: number) => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ms, shouldAdvanceTime: true });
const grantOf = (location: string) => env.TOKEN_GRANT.getByName(`${APP}:location:${location}`);
const pathOf = (location: string): string => `/admin/installations/${APP}/location/${location}`;
const installation = (location: string) => administer<Installation>("GET", pathOf(location));
const expire = (id: string) => upstream.expire({ kind: "location", id });

afterEach(async () => {
  vi.useRealTimers();
  await upstream.answer("token", []);
  await upstream.answer("locationToken", []);
});

describe("an odd answer of the token endpoint", () => {
  it.each<[string, Answer]>([
    ["a page with 404", page(404)],
    ["405 with a page", page(405)],
    ["a redirect", { status: 302, body: "", headers: { location: "https://nowhere.test/" } }],
    ["422", says(422, ["userType must be a string"])],
    ["invalid_client", { ...says(401, ""), body: '{"error":"invalid_client"}' }],
    ["an empty 400", { status: 400, body: "" }],
  ])("an odd answer of the token endpoint that comes once costs no call: %s", async (_what, odd) => {
    const location = nextLocation();
    await installLocation(location);
    later(DAY_MS);
    await upstream.answer("token", [odd]);
    expect((await readContact(location)).status).toBe(200);
  });

  it("an odd answer that comes twice is reported, and the alarm tries the renewal again after a quarter of an hour", async () => {
    const location = nextLocation();
    await installLocation(location);
    later(DAY_MS);
    await upstream.answer("token", [says(422, "no"), says(422, "no")]);
    expect(await codeOf(await readContact(location))).toBe("ERR_GHL_GATEWAY_MISCONFIGURED");
    expect(await installation(location)).toMatchObject({
      state: "misconfigured",
      lastProblem: { code: "ERR_GHL_VALIDATION" },
    });
    later(17 * MINUTE_MS);
    expect(await runDurableObjectAlarm(grantOf(location))).toBe(true);
    expect((await readContact(location)).status).toBe(200);
    expect(await installation(location)).toMatchObject({ state: "active", lastProblem: null });
  });

  it("an odd answer of the token endpoint is tried again at once when an operator says so", async () => {
    const location = nextLocation();
    await installLocation(location);
    later(DAY_MS);
    await upstream.answer("token", [says(422, "no"), says(422, "no")]);
    expect((await readContact(location)).status).toBe(502);
    // Refused again: the answer must not read as if it were over.
    await upstream.answer("token", [says(422, "no")]);
    const refused = await administer<Installation>("POST", `${pathOf(location)}/retry`);
    expect(refused).toMatchObject({ state: "misconfigured", lastProblem: { code: expect.any(String) } });
    const retried = await administer<Installation>("POST", `${pathOf(location)}/retry`);
    expect(retried).toMatchObject({ state: "active", lastProblem: null });
    expect((await readContact(location)).status).toBe(200);
    const { items } = await administer<{ items: { action: string; target: string }[] }>("GET", "/admin/audit?limit=5");
    expect(items).toContainEqual(
      expect.objectContaining({ action: "installation.retried", target: `location:${location}` }),
    );
  });

  it("retry changes nothing where nothing is wrong, and finds nothing where nothing is installed", async () => {
    const location = nextLocation();
    await installLocation(location);
    const since = (await upstream.log()).length;
    expect(await administer("POST", `${pathOf(location)}/retry`)).toMatchObject({ state: "active" });
    expect(await refreshes(since)).toEqual([]);
    expect((await admin("POST", `${pathOf("nowhere")}/retry`)).status).toBe(404);
  });
});

describe("an access token that HighLevel ends", () => {
  it("a second time within minutes is reported, and replaced by the alarm after a pause", async () => {
    const location = nextLocation();
    await installLocation(location);
    const since = (await upstream.log()).length;
    await expire(location);
    expect((await readContact(location)).status).toBe(200);
    await expire(location);
    expect((await readContact(location)).status).toBe(401);
    expect(await refreshes(since)).toHaveLength(1);
    expect(await installation(location)).toMatchObject({
      state: "active",
      lastProblem: { code: "ERR_GHL_ACCESS_TOKEN_INVALID" },
    });
    later(61_000);
    expect(await runDurableObjectAlarm(grantOf(location))).toBe(true);
    expect(await refreshes(since)).toHaveLength(2);
    expect((await readContact(location)).status).toBe(200);
    later(61 * MINUTE_MS);
    await runDurableObjectAlarm(grantOf(location));
    expect(await installation(location)).toMatchObject({ state: "active", lastProblem: null });
  });

  it("an access token that HighLevel ends under an unrepeatable body is passed on once: the next call has another token", async () => {
    const location = nextLocation();
    await installLocation(location);
    const since = (await upstream.log()).length;
    const upload = () => {
      const body = new Uint8Array(65_537);
      const headers = { ...keyed, "content-type": "application/json", "content-length": String(body.byteLength) };
      return call(`/api/location/${location}/contacts/c0ntact00000000001`, { method: "PUT", headers, body });
    };
    expect((await upload()).status).not.toBe(401);
    await expire(location);
    expect((await upload()).status).toBe(401);
    await vi.waitFor(async () => expect(await refreshes(since)).toHaveLength(1), { timeout: 10_000 });
    expect((await upload()).status).not.toBe(401);
    expect(await refreshes(since)).toHaveLength(1);
  });
});

describe("a private integration token that HighLevel refuses", () => {
  const REFUSED = { state: "active", lastProblem: { code: "ERR_GHL_ACCESS_TOKEN_INVALID" } };
  const FINE = { state: "active", lastProblem: null };
  const store = (location: string, token: string) => administer("PUT", `${pathOf(location)}/private-token`, { token });
  const seen = (location: string) => installation(location);
  const contact = "c0ntact00000000001";
  const taken: Answer = { status: 200, body: "{}", headers: { "content-type": "application/json" } };

  afterEach(() => upstream.answer(contact, []));

  it("a refused private integration token has a problem until another one is stored, and the same one is no other", async () => {
    const location = nextLocation();
    await store(location, "pit-that-is-revoked");
    expect(await seen(location)).toMatchObject(FINE);
    expect((await readContact(location)).status).toBe(401);
    expect(await seen(location)).toMatchObject(REFUSED);
    await store(location, "pit-that-is-revoked");
    expect(await seen(location)).toMatchObject(REFUSED);
    await store(location, "pit-that-is-new");
    expect(await seen(location)).toMatchObject(FINE);
  });

  it("a refused private integration token has a problem until HighLevel has accepted it again for a while", async () => {
    const location = nextLocation();
    await store(location, "pit-that-comes-back");
    expect((await readContact(location)).status).toBe(401);
    // The token is given out and refused again: this alone is no sign that HighLevel accepts it.
    later(MINUTE_MS);
    expect((await readContact(location)).status).toBe(401);
    later(2 * MINUTE_MS);
    expect((await readContact(location)).status).toBe(401);
    expect(await seen(location)).toMatchObject(REFUSED);
    await upstream.answer(contact, [taken, taken]);
    later(2 * MINUTE_MS);
    expect((await readContact(location)).status).toBe(200);
    expect(await seen(location)).toMatchObject(REFUSED);
    later(2 * MINUTE_MS);
    expect((await readContact(location)).status).toBe(200);
    expect(await seen(location)).toMatchObject(FINE);
  });

  it("a refused private integration token has no problem while the earlier one serves, but where both are refused", async () => {
    const location = nextLocation();
    const tenant = { app: APP, resource: { kind: "location", id: location }, acceptedTokenTypes: "any" } as const;
    await store(location, "pit-of-before");
    await store(location, "pit-of-now");
    const requestToken = (rejectedToken: string) => grantOf(location).accessToken({ ...tenant, rejectedToken });
    expect(await requestToken("pit-of-before")).toMatchObject({ accessToken: "pit-of-now" });
    later(2 * MINUTE_MS);
    expect(await requestToken("pit-of-now")).toMatchObject({ accessToken: "pit-of-before" });
    expect(await requestToken("pit-of-nobody")).toMatchObject({ accessToken: "pit-of-now" });
    expect(await seen(location)).toMatchObject(FINE);
    expect((await readContact(location)).status).toBe(401);
    await vi.waitFor(async () => expect(await seen(location)).toMatchObject(REFUSED));
  });

  it("a refused private integration token is no problem of an installation that a grant serves", async () => {
    const location = nextLocation();
    await store(location, "pit-that-is-revoked");
    expect((await readContact(location)).status).toBe(401);
    await installLocation(location);
    expect((await readContact(location)).status).toBe(200);
    expect(await seen(location)).toMatchObject(FINE);
  });
});

it("an INSTALL or UNINSTALL without a readable time changes nothing", async () => {
  const location = nextLocation();
  await installLocation(location);
  const event = { app: APP, resource: { kind: "location", id: location }, atMs: Number.NaN } as const;
  const before = await grantOf(location).status();
  await grantOf(location).applyUninstallEvent(event);
  await grantOf(location).applyInstallEvent(event);
  expect(await grantOf(location).status()).toEqual(before);
  expect((await readContact(location)).status).toBe(200);
});

describe("a company that is installed beside it", () => {
  // Earlier tests took turns for mints by a clock that was ahead. A clock that goes back is no part of the claim.
  beforeEach(() => evictDurableObject(env.RESOURCE_COORDINATOR.getByName(`${APP}:company:${COMPANY}`)));

  it("a location whose own grant is dead is served by the call that meets the refusal", async () => {
    expect((await installCompany()).status).toBe(200);
    const location = nextLocation();
    await installLocation(location);
    await expire(location);
    await upstream.answer("token", [invalidGrant]);
    const before = await upstream.mints();
    expect((await readContact(location)).status).toBe(200);
    expect((await upstream.mints()).made - before.made).toBe(1);
  }, 60_000);

  it("a location that HighLevel does not know is answered at once, and requested once", async () => {
    const unknown = "nowhereAtAll00000001";
    await deliver("INSTALL", { locationId: unknown, companyId: COMPANY, timestamp: new Date().toISOString() });
    await upstream.answer("locationToken", [says(400, "Words nobody knows"), says(500, "a second mint")]);
    for (let round = 0; round < 3; round++) {
      const startedAtMs = performance.now();
      expect(await codeOf(await readContact(unknown))).toBe("ERR_GHL_GATEWAY_NOT_INSTALLED");
      expect(performance.now() - startedAtMs).toBeLessThan(5_000);
    }
    later(2 * MINUTE_MS);
    // The second scripted answer is still there: nobody asked before.
    await upstream.answer("locationToken", [says(404, "Location not found")]);
    expect(await codeOf(await readContact(unknown))).toBe("ERR_GHL_GATEWAY_NOT_INSTALLED");
  }, 60_000);
});
