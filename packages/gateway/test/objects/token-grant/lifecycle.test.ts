import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import {
  call,
  codeOf,
  deliver,
  installFromMarketplace,
  installLocation,
  readContact,
  settled,
  upstream,
} from "../../support/calls/gateway.ts";
import { APP, LOCATIONS } from "../../support/setup/settings.ts";

const locations = LOCATIONS.slice(0, 40);
const next = (): string => locations.shift()!;
const at = (offsetMs: number): string => new Date(Date.now() + offsetMs).toISOString();
const MINUTE_MS = 60_000;

describe("INSTALL and UNINSTALL", () => {
  it("before the code is exchanged, a call gets a time to try again; then it works", async () => {
    const location = next();
    await deliver("INSTALL", { locationId: location, timestamp: at(-1_000) });
    const early = await readContact(location);
    expect([early.status, early.headers.get("retry-after"), await codeOf(early)]).toEqual([
      503,
      "5",
      "ERR_GHL_GATEWAY_INSTALL_PENDING",
    ]);
    await installLocation(location);
    expect((await readContact(location)).status).toBe(200);
  });

  it("an UNINSTALL removes the tokens at once", async () => {
    const location = next();
    await installLocation(location);
    expect((await readContact(location)).status).toBe(200);
    await deliver("UNINSTALL", { locationId: location, timestamp: at(2_000) });
    expect(await codeOf(await readContact(location))).toBe("ERR_GHL_GATEWAY_NOT_INSTALLED");
  });

  it("a late UNINSTALL of an older installation changes nothing", async () => {
    const location = next();
    await installLocation(location);
    await deliver("UNINSTALL", { locationId: location, timestamp: at(-MINUTE_MS) });
    expect((await readContact(location)).status).toBe(200);
  });

  it.each([
    [2, "stored"],
    [72, "stored"],
    [74, "quarantined"],
  ])(
    "an UNINSTALL of %i h ago that comes for the first time after a newer installation changes nothing",
    async (hours, outcome) => {
      const location = next();
      await installLocation(location);
      const response = await deliver("UNINSTALL", { locationId: location, timestamp: at(-hours * 60 * MINUTE_MS) });
      expect(await response.json()).toEqual({ outcome });
      expect((await readContact(location)).status).toBe(200);
    },
  );

  it("an INSTALL of 72 h ago that comes after a newer UNINSTALL installs nothing and approves nothing", async () => {
    const location = next();
    await installLocation(location);
    await deliver("UNINSTALL", { locationId: location, timestamp: at(1_000) });
    await deliver("INSTALL", { locationId: location, timestamp: at(-72 * 60 * MINUTE_MS) });
    expect(await codeOf(await readContact(location))).toBe("ERR_GHL_GATEWAY_NOT_INSTALLED");
  });

  it.each([null, "", "yesterday", "30 Nov 2026", 1_790_000_000_000])(
    "an UNINSTALL with the time %j uninstalls nothing",
    async (timestamp) => {
      const location = next();
      await installLocation(location);
      const { body, signature } = await upstream.sign("UNINSTALL", { locationId: location, timestamp });
      const headers = { "x-ghl-signature": signature };
      const response = await call(`/webhooks/${APP}`, { method: "POST", headers, body });
      expect(await response.json()).toEqual({ outcome: "quarantined" });
      await settled(`location:${location}:undated`);
      expect((await readContact(location)).status).toBe(200);
    },
  );

  it("a new installation works after an UNINSTALL, and the old UNINSTALL may come again", async () => {
    const location = next();
    await installLocation(location);
    await deliver("UNINSTALL", { locationId: location, timestamp: at(-500) });
    await installLocation(location);
    await deliver("UNINSTALL", { locationId: location, timestamp: at(-30_000) });
    expect((await readContact(location)).status).toBe(200);
  });
});

describe("an installation that began in the marketplace", () => {
  it("an installation that began in the marketplace is kept aside until the signed INSTALL of the same location", async () => {
    const [location, other] = [next(), next()];
    const back = await installFromMarketplace(location);
    expect([back.status, await back.json()]).toMatchObject([202, { installed: false, resource: { id: location } }]);
    expect((await readContact(location)).status).toBe(404);
    await deliver("INSTALL", { locationId: other, timestamp: at(0) });
    expect((await readContact(location)).status).toBe(404);
    await deliver("INSTALL", { locationId: location, timestamp: at(0) });
    expect((await readContact(location)).status).toBe(200);
  });

  it("an installation that began in the marketplace is stored at once where the INSTALL was first", async () => {
    const location = next();
    await deliver("INSTALL", { locationId: location, timestamp: at(-1_000) });
    const back = await installFromMarketplace(location);
    expect([back.status, await back.json()]).toMatchObject([200, { installed: true }]);
    expect((await readContact(location)).status).toBe(200);
  });

  it("an INSTALL of another time approves nothing; an operator does", async () => {
    const location = next();
    await installFromMarketplace(location);
    await deliver("INSTALL", { locationId: location, timestamp: at(-60 * MINUTE_MS) });
    expect((await readContact(location)).status).toBe(503);
    const grant = env.TOKEN_GRANT.getByName(`${APP}:location:${location}`);
    const tenant = { app: APP, resource: { kind: "location", id: location } } as const;
    expect(await grant.approve(tenant)).toBe(true);
    expect(await grant.approve(tenant)).toBe(false);
    expect((await readContact(location)).status).toBe(200);
  });

  it("an installation of no app, or without a code, spends nothing", async () => {
    expect((await call("/oauth/callback/other?code=c")).status).toBe(404);
    expect((await call(`/oauth/callback/${APP}`)).status).toBe(400);
  });
});

describe("private integration tokens", () => {
  const tenant = (id: string) => ({ app: APP, resource: { kind: "location", id } }) as const;
  const grant = (id: string) => env.TOKEN_GRANT.getByName(`${APP}:location:${id}`);
  const requestToken = (id: string, rejectedToken?: string) =>
    grant(id).accessToken({ ...tenant(id), acceptedTokenTypes: "any", rejectedToken });

  it("private integration tokens are given out as they are, and the earlier one where the new one is refused", async () => {
    const location = next();
    await grant(location).storePrivateToken(tenant(location), "pit-old");
    expect(await requestToken(location)).toMatchObject({ ok: true, accessToken: "pit-old", source: "private" });
    const status = await grant(location).storePrivateToken(tenant(location), "pit-new");
    expect(status).toMatchObject({ due: false, previousValidUntilMs: expect.any(Number) as number });
    expect(await requestToken(location)).toMatchObject({ accessToken: "pit-new" });
    expect(await requestToken(location, "pit-new")).toMatchObject({ accessToken: "pit-old" });
  });

  it("private integration tokens give way to an OAuth grant, and are not given to operations that take none", async () => {
    const location = next();
    await grant(location).storePrivateToken(tenant(location), "pit-1");
    expect(await grant(location).accessToken({ ...tenant(location), acceptedTokenTypes: "oauth" })).toMatchObject({
      ok: false,
      reason: "not_installed",
    });
    await installLocation(location);
    expect(await requestToken(location)).toMatchObject({ ok: true, source: "refreshable" });
  });
});
