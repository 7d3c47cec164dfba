import { allRoutes } from "@ghl-edge/client/routes";
import { describe, expect, test } from "vitest";
import { DEFAULT_COMPANY, type Emulator, type EmulatorOptions, type Resource } from "../../src/index.ts";
import { ask, bearer, clockedEmulator, installApp, json, LOCATION } from "../support.ts";

const ALL_SCOPES = [...new Set(allRoutes().flatMap(({ scopes }) => scopes))];
const pit = (token: string, resource: Resource, scopes: readonly string[] = ALL_SCOPES) => ({
  token,
  resource,
  scopes,
});
const location: Resource = { kind: "location", id: LOCATION };
const company: Resource = { kind: "company", id: DEFAULT_COMPANY.id };

const withTokens: EmulatorOptions = {
  privateTokens: [
    pit("pit-location", location),
    pit("pit-company", company),
    pit("pit-poor", location, ["locations.readonly"]),
  ],
  rateLimit: { max: 100_000, intervalMs: 10_000, daily: 1_000_000 },
};
const contact = "/contacts/c0ntact00000000001";

describe("checks, in HighLevel's words", () => {
  test.each<[string, string, RequestInit, number, string]>([
    [
      "no Version",
      contact,
      { headers: { authorization: "Bearer pit-location" } },
      401,
      "version header was not found.",
    ],
    ["an odd Version", contact, bearer("pit-location", "x"), 400, "Invalid API version segment 'x' at position 0"],
    ["no token", contact, { headers: { version: "v3" } }, 401, "Invalid token: access token is invalid"],
    ["an unknown token", contact, bearer("nobody"), 401, "Invalid token: access token is invalid"],
    ["another type of token", contact, bearer("pit-company"), 401, "Token's user type mismatch!"],
    ["a missing scope", contact, bearer("pit-poor"), 401, "The token is not authorized for this scope."],
    [
      "another location",
      `/locations/${DEFAULT_COMPANY.locations[1]!.id}`,
      bearer("pit-location"),
      403,
      "The token does not have access to this location.",
    ],
    ["an unknown path", "/nowhere", bearer("pit-location"), 404, "Cannot GET /nowhere"],
    [
      "the other spelling",
      "/oauth/location-tokens",
      bearer("pit-location", "2021-07-28"),
      404,
      "Cannot GET /oauth/location-tokens",
    ],
  ])("a refused call is answered in HighLevel's words: %s", async (_what, path, init, status, message) => {
    const { emulator } = clockedEmulator(withTokens);
    const response = await ask(emulator, path, init);
    expect([response.status, (await json(response)).message]).toEqual([status, message]);
    expect(emulator.log.at(-1)).toMatchObject({ status, refused: expect.any(String) as string });
  });

  test("an expired token is refused like an unknown one", async () => {
    const { emulator, clock } = clockedEmulator();
    const { access_token: token } = await installApp(emulator);
    expect((await ask(emulator, contact, bearer(token))).status).toBe(200);
    clock.nowMs += 86_399_000;
    expect((await ask(emulator, contact, bearer(token))).status).toBe(401);
  });

  test("tokens can be ended before their time, refresh tokens live on", async () => {
    const { emulator } = clockedEmulator();
    const { access_token: token } = await installApp(emulator);
    emulator.expireAccessTokens(location);
    expect((await ask(emulator, contact, bearer(token))).status).toBe(401);
  });
});

describe("answers", () => {
  test("answers are the same for the same seed and request", async () => {
    const read = async (seed: string) =>
      json(ask(clockedEmulator({ ...withTokens, seed }).emulator, contact, bearer("pit-location")));
    expect(await read("a")).toEqual(await read("a"));
    expect(await read("a")).not.toEqual(await read("b"));
  });

  test("answers name the tenant of the token", async () => {
    const { emulator } = clockedEmulator(withTokens);
    const answer = await json(ask(emulator, contact, bearer("pit-location")));
    expect(answer.contact).toMatchObject({ locationId: LOCATION });
  });

  test("answers come for every operation of the route table", async () => {
    // One for each generation: what the one has deleted is gone for the other.
    const emulators: Readonly<Record<string, Emulator>> = {
      v2: clockedEmulator(withTokens).emulator,
      v3: clockedEmulator(withTokens).emulator,
    };
    const oauth = new Set(["/oauth/token", "/oauth/locationToken", "/oauth/location-token"]);
    const routes = allRoutes().filter(
      ({ path }) => !oauth.has(path) && !/^\/oauth\/installed-?[lL]ocations$/.test(path),
    );
    expect(routes.length).toBeGreaterThan(1_150);
    for (const { method, path, api, version, tokens, operationId } of routes) {
      const filled = path.replace(/\{([^}]+)\}/g, (_all, name: string) => (name === "locationId" ? LOCATION : "x1"));
      const init = bearer(
        tokens.includes("C") && !tokens.includes("L") ? "pit-company" : "pit-location",
        version || (api === "v3" ? "v3" : "2021-07-28"),
      );
      // Four kinds of token exist; where a route takes OAuth tokens alone, a private one is rightly refused.
      const refused = tokens !== "" && tokens !== "?" && !/[LC]/.test(tokens);
      const response = await ask(emulators[api]!, filled, { method, ...init });
      if (refused) expect(response.status, operationId).toBe(401);
      else expect(response.ok, `${api} ${method} ${filled} ${response.status}`).toBe(true);
    }
  });
});

describe("rate limit", () => {
  const limited = { rateLimit: { max: 3, intervalMs: 10_000, daily: 5 }, privateTokens: withTokens.privateTokens! };

  test("the rate limit counts down in HighLevel's headers, refuses, and begins again", async () => {
    const { emulator, clock } = clockedEmulator(limited);
    const seen: [number, string | null][] = [];
    for (let i = 0; i < 4; i++) {
      const { status, headers } = await ask(emulator, contact, bearer("pit-location"));
      seen.push([status, headers.get("x-ratelimit-remaining")]);
    }
    expect(seen).toEqual([
      [200, "2"],
      [200, "1"],
      [200, "0"],
      [429, "0"],
    ]);
    clock.nowMs += 10_000;
    const { status, headers } = await ask(emulator, contact, bearer("pit-location"));
    expect([
      status,
      headers.get("x-ratelimit-daily-remaining"),
      headers.get("x-ratelimit-interval-milliseconds"),
    ]).toEqual([200, "1", "10000"]);
  });

  test("the day ends too", async () => {
    const { emulator, clock } = clockedEmulator({ ...limited, rateLimit: { max: 3, intervalMs: 1_000, daily: 2 } });
    const statuses: number[] = [];
    for (let i = 0; i < 3; i++) {
      statuses.push((await ask(emulator, contact, bearer("pit-location"))).status);
      clock.nowMs += 1_000;
    }
    expect(statuses).toEqual([200, 200, 429]);
    clock.nowMs += 86_400_000;
    expect((await ask(emulator, contact, bearer("pit-location"))).status).toBe(200);
  });

  test("each location has a budget of its own", async () => {
    const { emulator } = clockedEmulator({ rateLimit: { max: 1, intervalMs: 10_000, daily: 10 } });
    const tokens = await Promise.all(
      DEFAULT_COMPANY.locations.map(async ({ id }) => (await installApp(emulator, { locationId: id })).access_token),
    );
    for (const token of tokens) expect((await ask(emulator, contact, bearer(token))).status).toBe(200);
    for (const token of tokens) expect((await ask(emulator, contact, bearer(token))).status).toBe(429);
  });
});
