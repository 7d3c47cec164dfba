import { describe, expect, test } from "vitest";
import { DEFAULT_COMPANY } from "../../src/index.ts";
import {
  ask,
  bearer,
  clockedEmulator,
  codeFor,
  installApp,
  json,
  LOCATION,
  refresh,
  tokenRequest,
} from "../support.ts";

const OTHER = DEFAULT_COMPANY.locations[1]!.id;
const COMPANY = { companyId: DEFAULT_COMPANY.id };
const APP = "/marketplace/app/65f0c0ffee65f0c0ffee65f0/installations";
const contact = "/contacts/c0ntact00000000001";

const mint = (token: string, locationId: string): RequestInit => ({
  method: "POST",
  ...bearer(token),
  body: new URLSearchParams({ ...COMPANY, locationId }),
});

describe("uninstall", () => {
  test("an uninstall ends the tokens of the location, and of no other", async () => {
    const { emulator } = clockedEmulator();
    const [mine, other] = [await installApp(emulator), await installApp(emulator, { locationId: OTHER })];
    expect(emulator.installations().map(({ resource }) => resource.id)).toEqual([LOCATION, OTHER]);
    expect(emulator.uninstall({ kind: "location", id: LOCATION }, "another app")).toBe(0);
    expect(emulator.uninstall({ kind: "location", id: LOCATION })).toBe(1);
    expect((await ask(emulator, contact, bearer(mine.access_token))).status).toBe(401);
    expect((await refresh(emulator, mine.refresh_token)).status).toBe(400);
    expect((await ask(emulator, contact, bearer(other.access_token))).status).toBe(200);
    expect(emulator.installations()).toHaveLength(1);
  });

  test("an uninstall of a company includes its locations", async () => {
    const { emulator } = clockedEmulator();
    const agency = await installApp(emulator, COMPANY);
    const minted = await json(ask(emulator, "/oauth/location-token", mint(agency.access_token, LOCATION)));
    expect(emulator.uninstall({ kind: "company", id: DEFAULT_COMPANY.id })).toBe(2);
    expect((await ask(emulator, contact, bearer(minted.access_token as string))).status).toBe(401);
    expect((await refresh(emulator, minted.refresh_token as string)).status).toBe(400);
  });

  test("an uninstall may come from the app itself", async () => {
    const { emulator } = clockedEmulator();
    const { access_token: token } = await installApp(emulator);
    const uninstall = (locationId: string) =>
      ask(emulator, APP, {
        method: "DELETE",
        headers: { ...bearer(token).headers, "content-type": "application/json" },
        body: JSON.stringify({ locationId, reason: "test" }),
      });
    expect((await uninstall(OTHER)).status).toBe(403);
    expect((await uninstall(LOCATION)).status).toBe(200);
    expect((await ask(emulator, contact, bearer(token))).status).toBe(401);
  });

  test("a token for a location without the app is refused", async () => {
    const { emulator } = clockedEmulator({
      company: { ...DEFAULT_COMPANY, locations: ["a", "b", "c"].map((id) => ({ id, name: id })) },
    });
    const { access_token: token } = await installApp(emulator, COMPANY);
    for (const id of ["a", "b", "c"])
      expect((await ask(emulator, "/oauth/location-token", mint(token, id))).status).toBe(200);
    emulator.uninstall({ kind: "location", id: "c" });
    expect((await ask(emulator, "/oauth/location-token", mint(token, "c"))).status).toBe(403);
  });
});

test("a code is valid for ten minutes, a refresh token for a year", async () => {
  const { emulator, clock } = clockedEmulator();
  const code = await codeFor(emulator, { locationId: LOCATION });
  clock.nowMs += 600_000;
  expect((await tokenRequest(emulator, { grant_type: "authorization_code", code })).status).toBe(401);
  const { refresh_token: token } = await installApp(emulator);
  clock.nowMs += 365 * 86_400_000;
  expect((await refresh(emulator, token)).status).toBe(400);
});

test("the emergency endpoint is gone", async () => {
  const { emulator } = clockedEmulator();
  const response = await ask(emulator, "/oauth/reconnect", { method: "POST" });
  expect([response.status, (await json(response)).message]).toEqual([400, "API endpoint has been removed"]);
});

test("a spelling of v3 is unknown under a dated version, and minting counts", async () => {
  const { emulator } = clockedEmulator({ rateLimit: { max: 2, intervalMs: 10_000, daily: 10 } });
  const { access_token: token } = await installApp(emulator, COMPANY);
  const dated = await ask(emulator, "/oauth/location-token", {
    ...mint(token, LOCATION),
    ...bearer(token, "2021-07-28"),
  });
  expect([dated.status, (await json(dated)).message]).toEqual([404, "Cannot POST /oauth/location-token"]);
  const statuses = await Promise.all(
    Array.from({ length: 3 }, async () => (await ask(emulator, "/oauth/location-token", mint(token, LOCATION))).status),
  );
  expect(statuses).toEqual([200, 200, 429]);
});
