import { describe, expect, it } from "vitest";
import type { AccessTokenProvider, AccessTokenRequest, Permit, PermitRequest } from "../../src/index.ts";
import { AuthenticationError, ConfigurationError } from "../../src/index.ts";
import { fakeServer, json, type Reply, rejection } from "../fake-server.ts";
import { Pets } from "../openapi/pets.ts";

const ok: Reply = () => json({ ok: true });
const unauthorized =
  (message: string): Reply =>
  () =>
    json({ statusCode: 401, message }, { status: 401 });
const expired = unauthorized("Invalid token: access token is invalid");

/** Gives `t1`, and after a rejection the next one. */
function provider(tokens: readonly string[]): AccessTokenProvider & { requested: AccessTokenRequest[] } {
  const requested: AccessTokenRequest[] = [];
  let at = 0;
  return {
    requested,
    getAccessToken: async (request) => {
      requested.push(request);
      if (request.rejectedToken === tokens[at] && at + 1 < tokens.length) at++;
      return tokens[at]!;
    },
  };
}

describe("an AccessTokenProvider", () => {
  it.each([
    ["a location from the handle", { bound: "location" }, "getPet", { petId: "1" }, { kind: "location", id: "L0" }],
    ["a location from the query", {}, "findPets", { locationId: "L1" }, { kind: "location", id: "L1" }],
    ["a location from the body alone", {}, "createPet", { body: { locationId: "L2" } }, { kind: "location", id: "L2" }],
    ["a location from altId", {}, "shelterOrder", { altId: "L3" }, { kind: "location", id: "L3" }],
    [
      "the named over the bound",
      { bound: "location" },
      "findPets",
      { locationId: "L4" },
      { kind: "location", id: "L4" },
    ],
    ["a company from the path", { bound: "location" }, "agency", { companyId: "C1" }, { kind: "company", id: "C1" }],
    [
      "the location where both will do",
      { bound: "location" },
      "either",
      { companyId: "C2" },
      { kind: "location", id: "L0" },
    ],
    ["the company where it alone is named", {}, "either", { companyId: "C3" }, { kind: "company", id: "C3" }],
    ["no tenant", {}, "getPet", { petId: "1" }, undefined],
  ] as const)(
    "an AccessTokenProvider provides a token for %s",
    async (_, { bound }: { bound?: "location" }, name, params, resource) => {
      const auth = provider(["t1"]);
      const { client, sent } = fakeServer(ok, { auth });
      await (bound ? client.location("L0") : client).use(Pets)[name](params);
      expect(auth.requested).toHaveLength(1);
      expect(auth.requested[0]!.resource).toEqual(resource);
      expect(sent[0]!.headers.authorization).toBe("Bearer t1");
    },
  );

  it("an AccessTokenProvider receives the token types in words, and the resource of the call options", async () => {
    const auth = provider(["t1"]);
    const { client } = fakeServer(ok, { auth });
    const resource = { kind: "company", id: "C9" } as const;
    await client.use(Pets).getPet({ petId: "1" }, { resource });
    await client.company("C1").use(Pets).agency();
    expect(auth.requested.map(({ resource, acceptedTokenTypes }) => [resource, acceptedTokenTypes])).toEqual([
      [resource, ["location", "location-pit"]],
      [{ kind: "company", id: "C1" }, ["company", "company-pit"]],
    ]);
  });

  it("an AccessTokenProvider provides no token for an anonymous operation", async () => {
    const auth = provider(["t1"]);
    const { client } = fakeServer(ok, { auth });
    await client.use(Pets).open();
    expect(auth.requested).toHaveLength(0);
  });

  it("an AccessTokenProvider that fails ends the call with its own error, before anything is sent", async () => {
    const mine = new Error("reauthorise");
    const { client, sent } = fakeServer(ok, { auth: { getAccessToken: () => Promise.reject(mine) } });
    expect(await rejection(client.use(Pets).getPet({ petId: "1" }))).toBe(mine);
    expect(sent).toHaveLength(0);
  });

  it("an AccessTokenProvider with an unfit token fails the call without quoting it", async () => {
    const { client } = fakeServer(ok, { auth: { getAccessToken: () => "se\ncret" } });
    const error = await rejection(client.use(Pets).getPet({ petId: "1" }));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect((error as Error).message).not.toContain("cret");
  });
});

describe("a provider that gives no token", () => {
  it.each(["", null, undefined])("%j fails the call, before anything is sent", async (nothing) => {
    const { client, sent } = fakeServer(ok, { auth: { getAccessToken: () => nothing as string } });
    const error = await rejection(client.use(Pets).getPet({ petId: "1" }));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error).toMatchObject({
      code: "ERR_GHL_CONFIGURATION",
      message: "pets.getPet: auth must give a token, got undefined",
    });
    expect(sent).toHaveLength(0);
  });

  it.each(["", null, undefined])("%j in place of a rejected one ends the call with the 401", async (nothing) => {
    const auth = {
      getAccessToken: ({ rejectedToken }: AccessTokenRequest) => (rejectedToken ? nothing : "t1") as string,
    };
    const { client, sent } = fakeServer(expired, { auth });
    expect(await rejection(client.use(Pets).getPet({ petId: "1" }))).toBeInstanceOf(AuthenticationError);
    expect(sent).toHaveLength(1);
  });
});

describe("a 401 that means the token", () => {
  it("a 401 that means the token is sent again with a new one, also a POST with its tenant in the body", async () => {
    const auth = provider(["t1", "t2"]);
    const { client, sent, slept } = fakeServer([expired, ok], { auth, retry: false });
    await client.use(Pets).createPet({ body: { locationId: "L1" } });
    expect(sent.map(({ headers }) => headers.authorization)).toEqual(["Bearer t1", "Bearer t2"]);
    expect(auth.requested[1]).toMatchObject({ rejectedToken: "t1", resource: { kind: "location", id: "L1" } });
    expect(slept).toEqual([]);
  });

  it("a 401 that means the token fails once the provider has no other token", async () => {
    const auth = provider(["t1"]);
    const { client, sent } = fakeServer(expired, { auth });
    const error = await rejection(client.use(Pets).getPet({ petId: "1" }));
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error).toMatchObject({ messages: ["Invalid token: access token is invalid"] });
    expect(sent).toHaveLength(1);
    expect(auth.requested).toHaveLength(2);
  });

  it("a 401 that means the token never loops: there is one renewal per call", async () => {
    const auth = provider(["t1", "t2", "t3", "t4"]);
    const { client, sent } = fakeServer(expired, { auth });
    expect(await rejection(client.use(Pets).getPet({ petId: "1" }))).toBeInstanceOf(AuthenticationError);
    expect(sent).toHaveLength(2);
    expect(auth.requested).toHaveLength(2);
  });

  it("a 401 that means the token keeps the new token for the retries that follow", async () => {
    const auth = provider(["t1", "t2"]);
    const { client, sent } = fakeServer([expired, () => json({}, { status: 503 }), ok], { auth });
    await client.use(Pets).getPet({ petId: "1" });
    expect(sent.map(({ headers }) => headers.authorization)).toEqual(["Bearer t1", "Bearer t2", "Bearer t2"]);
  });

  it("a 401 that means the token fails at once with a plain token", async () => {
    const { client, sent } = fakeServer(expired);
    expect(await rejection(client.use(Pets).getPet({ petId: "1" }))).toBeInstanceOf(AuthenticationError);
    expect(sent).toHaveLength(1);
  });

  it.each<[string, Reply]>([
    ["Invalid JWT", unauthorized("Invalid JWT")],
    ["token expired", unauthorized("The token has expired")],
    [
      "RFC 6750",
      () => new Response("", { status: 401, headers: { "www-authenticate": 'Bearer error="invalid_token"' } }),
    ],
    ["OAuth", () => json({ error: "invalid_token" }, { status: 401 })],
    ["a plain text", () => new Response("access token expired", { status: 401 })],
    ["a revoked token", unauthorized("token has been revoked")],
    ["words nobody knows", unauthorized("Unauthorized")],
    ["an empty message", unauthorized("")],
    ["an empty body", () => new Response(null, { status: 401 })],
    ["a page", () => new Response("<!doctype html><title>401 Authorization Required</title>", { status: 401 })],
  ])("a 401 whose message means the token is sent again: %s", async (_, refuse) => {
    const { client, sent } = fakeServer([refuse, ok], { auth: provider(["t1", "t2"]) });
    await client.use(Pets).getPet({ petId: "1" });
    expect(sent).toHaveLength(2);
  });
});

it.each([
  "The token is not authorized for this scope.",
  "Token's user type mismatch!",
  "version header was not found.",
  "version header is invalid",
  "Invalid token: user type mismatch",
  "This authClass type is not allowed to access this scope. Invalid token.",
])("a 401 of %j is permanent: no token is requested", async (message) => {
  const auth = provider(["t1", "t2"]);
  const { client, sent } = fakeServer(unauthorized(message), { auth });
  expect(await rejection(client.use(Pets).getPet({ petId: "1" }))).toBeInstanceOf(AuthenticationError);
  expect(sent).toHaveLength(1);
  expect(auth.requested).toHaveLength(1);
});

describe("a RateLimiter", () => {
  function limiter() {
    const requested: PermitRequest[] = [];
    const released: unknown[] = [];
    const acquire = async (request: PermitRequest): Promise<Permit> => {
      requested.push(request);
      return { release: (outcome) => void released.push(outcome?.status) };
    };
    return { requested, released, acquire };
  }

  it("a RateLimiter gives a permit for each attempt, and gets each back once with its outcome", async () => {
    const rateLimiter = limiter();
    const cut: Reply = () => Promise.reject(new TypeError("fetch failed"));
    const { client } = fakeServer([() => json({}, { status: 429 }), cut, ok], { rateLimiter });
    await client.location("L1").use(Pets).getPet({ petId: "1" }, { priority: "bulk" });
    expect(rateLimiter.released).toEqual([429, undefined, 200]);
    expect(rateLimiter.requested.map(({ retry }) => retry)).toEqual([false, true, true]);
    expect(rateLimiter.requested[0]).toMatchObject({ resource: { kind: "location", id: "L1" }, priority: "bulk" });
  });

  it("a RateLimiter gets a permit back for the call with a renewed token too", async () => {
    const rateLimiter = limiter();
    const { client } = fakeServer([expired, ok], { rateLimiter, auth: provider(["t1", "t2"]) });
    await client.use(Pets).getPet({ petId: "1" });
    expect(rateLimiter.released).toEqual([401, 200]);
    expect(rateLimiter.requested.map(({ retry }) => retry)).toEqual([false, true]);
  });

  it("a RateLimiter receives the time limit", async () => {
    const rateLimiter = limiter();
    const { client } = fakeServer([() => json({}, { status: 500 }), ok], { rateLimiter });
    await client.use(Pets).getPet({ petId: "1" }, { deadlineMs: 9000 });
    expect(rateLimiter.requested.map(({ maxWaitMs }) => maxWaitMs)).toEqual([9000, 8750]);
    await client.use(Pets).getPet({ petId: "1" });
    expect(rateLimiter.requested[2]!.maxWaitMs).toBeUndefined();
  });

  it("a RateLimiter that refuses ends the call with its own error, before anything is sent", async () => {
    const mine = new Error("queue full");
    const { client, sent } = fakeServer(ok, { rateLimiter: { acquire: () => Promise.reject(mine) } });
    expect(await rejection(client.use(Pets).getPet({ petId: "1" }))).toBe(mine);
    expect(sent).toHaveLength(0);
  });

  it("a RateLimiter gets a permit back that comes after the caller has gone, and nothing is sent", async () => {
    const released: unknown[] = [];
    let grant: (permit: Permit) => void = () => {};
    const acquire = () =>
      new Promise<Permit>((resolve) => {
        grant = resolve;
      });
    const { client, sent } = fakeServer(ok, { rateLimiter: { acquire } });
    const controller = new AbortController();
    const call = client.use(Pets).getPet({ petId: "1" }, { signal: controller.signal });
    await Promise.resolve();
    controller.abort("gone");
    expect(await rejection(call)).toBe("gone");
    grant({ release: (outcome) => void released.push(outcome) });
    await new Promise((resolve) => setTimeout(resolve));
    expect(released).toEqual([undefined]);
    expect(sent).toHaveLength(0);
  });
});
