import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  codeOf,
  deliver,
  install,
  installLocation,
  readContact,
  settled,
  upstream,
} from "../../support/calls/gateway.ts";
import type { Answer } from "../../support/highlevel/upstream.ts";
import { APP, COMPANY, LOCATIONS } from "../../support/setup/settings.ts";

const locations = LOCATIONS.slice(130, 150);
const nextLocation = (): string => locations.shift()!;
const DAY_MS = 86_400_000;

const later = (ms: number) => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ms, shouldAdvanceTime: true });
const raw = (body: string): Answer => ({ status: 200, body, headers: { "content-type": "application/json" } });
const tokens = (fields: Record<string, unknown>): Answer =>
  raw(
    JSON.stringify({
      access_token: "hostile.access.token",
      refresh_token: "hostile.refresh.token",
      token_type: "Bearer",
      expires_in: 86_399,
      scope: "contacts.readonly",
      userType: "Location",
      companyId: COMPANY,
      ...fields,
    }),
  );
const jwt = (claims: unknown): string => `e30.${btoa(JSON.stringify(claims)).replaceAll("=", "")}.c2ln`;

afterEach(async () => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  await upstream.answer("token", []);
});

describe("an answer of the token endpoint", () => {
  it.each<[string, Answer]>([
    ["whose access token holds a line break", tokens({ access_token: "a\r\nx-other: b" })],
    ["whose access token is longer than a header may be", tokens({ access_token: "a".repeat(100_000) })],
    [
      "that is nested deeply",
      raw(`{"access_token":"a","refresh_token":"b","more":${"[".repeat(50_000)}${"]".repeat(50_000)}}`),
    ],
  ])("%s is no token, and the next call requests one again", async (_what, odd) => {
    const location = nextLocation();
    await installLocation(location);
    later(DAY_MS);
    await upstream.answer("token", [odd]);
    expect((await readContact(location)).status).toBe(200);
  });

  it("an answer of the token endpoint with megabytes of unknown fields is stored without them", async () => {
    const location = nextLocation();
    await installLocation(location);
    later(DAY_MS);
    await upstream.answer("token", [tokens({ locationId: location, junk: "j".repeat(3_000_000) })]);
    await readContact(location);
    const stored = await runInDurableObject(
      env.TOKEN_GRANT.getByName(`${APP}:location:${location}`),
      (_object, { storage }) =>
        storage.sql.exec<{ bytes: number }>("SELECT max(length(secrets)) AS bytes FROM token_record").one(),
    );
    // An object's row has room for 2 MB.
    expect(stored.bytes).toBeLessThan(10_000);
  });

  it.each([1, 0.000_001, "1e-300", true, -5, "NaN", 1e300])(
    "an answer of the token endpoint with expires_in %s makes no storm of renewals",
    async (expires_in) => {
      const location = nextLocation();
      await installLocation(location);
      later(DAY_MS);
      const odd = tokens({ locationId: location, expires_in });
      await upstream.answer(
        "token",
        Array.from({ length: 200 }, () => odd),
      );
      const fetched = vi.spyOn(globalThis, "fetch");
      for (let n = 0; n < 5; n++) await readContact(location);
      // One for the token that has ended, one for the token that is no token of the emulated HighLevel.
      const renewals = fetched.mock.calls.filter(([input]) => String(input).endsWith("/oauth/token"));
      expect(renewals.length).toBeLessThanOrEqual(2);
    },
  );
});

describe("an access token that says it was made in a far future", () => {
  it("an access token with an issue time in a far future does not outlive a new installation or an UNINSTALL", async () => {
    const location = nextLocation();
    await upstream.answer("token", [tokens({ locationId: location, access_token: jwt({ iat: Date.now() }) })]);
    expect((await install({ locationId: location })).status).toBe(200);
    expect((await install({ locationId: location })).status).toBe(200);
    expect((await readContact(location)).status).toBe(200);
    await upstream.answer("token", [tokens({ locationId: location, access_token: jwt({ iat: Date.now() }) })]);
    expect((await install({ locationId: location })).status).toBe(200);
    const timestamp = new Date(Date.now() + 5_000).toISOString();
    await deliver("UNINSTALL", { locationId: location, companyId: COMPANY, timestamp });
    await settled(`location:${location}:${timestamp.slice(0, 10)}`);
    expect((await readContact(location)).status).toBe(404);
  });
});

it.each([101, 600, 999])("a status of %i is no answer: 502, and no error of ours", async (status) => {
  const location = nextLocation();
  await installLocation(location);
  await readContact(location);
  const odd = Object.defineProperty(new Response("odd"), "status", { value: status });
  vi.spyOn(globalThis, "fetch").mockResolvedValueOnce(odd);
  const response = await readContact(location);
  expect([response.status, await codeOf(response)]).toEqual([502, "ERR_GHL_GATEWAY_UPSTREAM_UNREACHABLE"]);
});

describe("headers of an answer that are no limits", () => {
  it("headers of an answer that are no limits do not close a location for days", async () => {
    const location = nextLocation();
    await installLocation(location);
    const headers = {
      "x-ratelimit-max": "1",
      "x-ratelimit-remaining": "0",
      "x-ratelimit-interval-milliseconds": "86400000000",
    };
    await upstream.answer("c0ntact00000000001", [{ status: 429, body: "{}", headers }]);
    await readContact(location);
    later(61_000);
    expect((await readContact(location)).status).toBe(200);
  });
});
