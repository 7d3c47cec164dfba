import { env } from "cloudflare:workers";
import type { TokenSet } from "@ghl-edge/oauth";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  call,
  codeOf,
  deliver,
  installFromMarketplace,
  installLocation,
  readContact,
} from "../../support/calls/gateway.ts";
import { APP, CLIENT_ID, COMPANY, GATEWAY, LOCATIONS, SCOPES, UPSTREAM } from "../../support/setup/settings.ts";

const locations = LOCATIONS.slice(140, 150);
const next = (): string => locations.shift()!;
const grantOf = (location: string) => env.TOKEN_GRANT.getByName(`${APP}:location:${location}`);
const iso = (ms: number): string => new Date(ms).toISOString();

function tokensOf(locationId: string, accessToken: string, obtainedAtMs: number): TokenSet {
  return {
    accessToken,
    refreshToken: `refresh-${accessToken}`,
    tokenType: "Bearer",
    obtainedAtMs,
    expiresAtMs: obtainedAtMs + 86_400_000,
    scopes: SCOPES,
    userType: "Location",
    locationId,
    companyId: COMPANY,
    extra: {},
  };
}

const MINUTE_MS = 60_000;
type What = "link" | "marketplace" | "INSTALL" | "UNINSTALL";
interface Happening {
  readonly what: What;
  /** HighLevel's time in minutes. All are within the time in which an INSTALL approves. */
  readonly minute: number;
}

const WHAT: readonly What[] = ["link", "marketplace", "INSTALL", "UNINSTALL"];
/** Each at a time of its own, arriving in any order. */
const happenings = fc
  .uniqueArray(fc.record({ what: fc.constantFrom(...WHAT), minute: fc.integer({ min: 0, max: 14 }) }), {
    minLength: 1,
    maxLength: 8,
    selector: ({ minute }) => minute,
  })
  .chain((list) => fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length }));

const newest = (list: readonly Happening[], what: What): number =>
  Math.max(-1, ...list.filter((one) => one.what === what).map(({ minute }) => minute));

/** The exchange whose tokens work in the end, whatever came first. */
function expected(list: readonly Happening[]): number | undefined {
  const endedAt = newest(list, "UNINSTALL");
  const isApproved = newest(list, "INSTALL") > endedAt;
  const works = list.filter(
    ({ what, minute }) => minute > endedAt && (what === "link" || (what === "marketplace" && isApproved)),
  );
  return works.length === 0 ? undefined : Math.max(...works.map(({ minute }) => minute));
}

const cameLate = (list: readonly Happening[]): boolean =>
  list.some(
    (one, at) =>
      one.what === "INSTALL" && list.slice(at).some(({ what, minute }) => what === "UNINSTALL" && minute > one.minute),
  );

describe("any order of installs, callbacks and lifecycle events", () => {
  it("any order ends with the newest exchange that began here or that an INSTALL approves, none from before an UNINSTALL", async () => {
    let made = 0;
    const property = fc.asyncProperty(happenings, async (list) => {
      const id = `order${made++}`;
      const tenant = { app: APP, resource: { kind: "location", id } } as const;
      const startMs = Date.now() - 15 * MINUTE_MS;
      const exchanged = (minute: number) => tokensOf(id, `token-of-${minute}`, startMs + minute * MINUTE_MS);
      const grant = grantOf(id);
      for (const { what, minute } of list) {
        const change = { ...tenant, atMs: startMs + minute * MINUTE_MS, signed: true };
        if (what === "link") await grant.installTokens(tenant, exchanged(minute));
        if (what === "marketplace") await grant.storeForApproval(tenant, exchanged(minute));
        if (what === "INSTALL") await grant.applyInstallEvent(change);
        if (what === "UNINSTALL") await grant.applyUninstallEvent(change);
      }
      const reply = await grant.accessToken({ ...tenant, acceptedTokenTypes: "oauth" });
      const minute = expected(list);
      // An UNINSTALL that comes after the INSTALL it followed had approved it takes the grant back, and the tokens before it are gone.
      const isTakenBack = !reply.ok && list.some(({ what }) => what === "marketplace") && cameLate(list);
      // A late UNINSTALL does not end a newer INSTALL: tokens that HighLevel has ended meanwhile stay until a refresh shows it.
      const isStored = reply.ok && minute === undefined && newest(list, "INSTALL") > newest(list, "UNINSTALL");
      if (!isTakenBack && !isStored)
        expect(reply.ok ? reply.accessToken : undefined).toBe(minute === undefined ? undefined : `token-of-${minute}`);
    });
    await fc.assert(property, { numRuns: 60 });
  });

  it("a report of a company's installation to its locations approves no code of theirs", async () => {
    const id = next();
    expect((await installFromMarketplace(id)).status).toBe(202);
    await grantOf(id).applyInstallEvent({
      app: APP,
      resource: { kind: "location", id },
      atMs: Date.now(),
      companyId: COMPANY,
    });
    expect((await grantOf(id).status()).pendingApproval).toBeDefined();
    expect((await readContact(id)).status).not.toBe(200);
  });
});

describe("a callback without state", () => {
  it("a callback without state is pending after an install by our link and an UNINSTALL, until there is an INSTALL", async () => {
    const id = next();
    await installLocation(id);
    // HighLevel's token says whole seconds: an UNINSTALL of the same second would be as old as the install.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await deliver("AppUninstall", { locationId: id, timestamp: iso(Date.now()) });
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const back = await installFromMarketplace(id);
    expect([back.status, await back.json()]).toMatchObject([202, { installed: false }]);
    expect((await readContact(id)).status).not.toBe(200);
    await deliver("AppInstall", { locationId: id, timestamp: iso(Date.now()) });
    expect((await readContact(id)).status).toBe(200);
  });

  it("a callback without state is pending beside a cookie that was left over, which is cleared", async () => {
    const id = next();
    const begun = await call(`/oauth/install?app=${APP}`);
    const cookie = (begun.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    const page = new URL(`${UPSTREAM}/oauth/chooselocation`);
    const redirect_uri = `${GATEWAY}/oauth/callback/${APP}`;
    const query = { response_type: "code", client_id: CLIENT_ID, redirect_uri, scope: SCOPES.join(" ") };
    page.search = new URLSearchParams({ ...query, locationId: id }).toString();
    const chosen = new URL((await fetch(page, { redirect: "manual" })).headers.get("location") ?? "");
    const back = await call(chosen.pathname + chosen.search, { headers: { cookie } });
    expect([back.status, back.headers.get("set-cookie")]).toEqual([202, expect.stringContaining("Max-Age=0")]);
  });

  it("a callback with a state and no cookie is refused", async () => {
    const back = await call(`/oauth/callback/${APP}?code=x&state=y`);
    expect([back.status, await codeOf(back)]).toEqual([400, "ERR_GHL_GATEWAY_INSTALL_STATE"]);
  });
});

it("an exchange that is stored after a newer one changes nothing, and says so", async () => {
  const id = next();
  const tenant = { app: APP, resource: { kind: "location", id } } as const;
  const nowMs = Date.now();
  const tokens = (name: string, obtainedAtMs: number) => tokensOf(id, name, obtainedAtMs);
  expect(await grantOf(id).installTokens(tenant, tokens("newer", nowMs))).toBe(true);
  expect(await grantOf(id).installTokens(tenant, tokens("older", nowMs - 5_000))).toBe(false);
  expect(await grantOf(id).accessToken({ ...tenant, acceptedTokenTypes: "oauth" })).toMatchObject({
    accessToken: "newer",
  });
  // An operator's removal is of our clock: what is exchanged after it is new, whatever HighLevel's clock says.
  await grantOf(id).applyUninstallEvent({ ...tenant, atMs: nowMs + 1_000 });
  expect(await grantOf(id).installTokens(tenant, tokens("before", nowMs + 500))).toBe(false);
  expect(await grantOf(id).installTokens(tenant, tokens("after", nowMs + 2_000))).toBe(true);
});
