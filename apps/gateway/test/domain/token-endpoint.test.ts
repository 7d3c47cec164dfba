import { describe, expect, test } from "vitest";
import { callTokenEndpoint, type TokenOutcome } from "../../src/domain/token-endpoint.ts";

const call = (fetch: (request: Request) => Promise<Response>, timeoutMs = 1_000): Promise<TokenOutcome> =>
  callTokenEndpoint({ url: "https://h.example/oauth/token", form: { grant_type: "refresh_token" }, fetch, timeoutMs });
const answering = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  call(async () => new Response(typeof body === "string" ? body : JSON.stringify(body), { status, headers }));

describe("token endpoint", () => {
  test("sends a form without Version and follows no redirect", async () => {
    let seen: Request | undefined;
    await call(async (request) => {
      seen = request;
      return new Response(null, { status: 302, headers: { location: "https://evil.example/" } });
    });
    expect(seen?.headers.get("content-type")).toBe("application/x-www-form-urlencoded");
    expect(seen?.headers.has("version")).toBe(false);
    expect(seen?.redirect).toBe("manual");
    expect(await seen?.text()).toBe("grant_type=refresh_token");
  });

  test.each([
    [{ access_token: "a", refresh_token: "r", userType: "Location", locationId: "L", companyId: "C", expires_in: 10 }],
    [{ accessToken: "a", refreshToken: "r", userType: "Location", locationId: "L", companyId: "C", expiresIn: 10 }],
  ])("reads %j", async (body) => {
    expect(await answering(200, body)).toEqual({
      kind: "granted",
      tokens: {
        resource: { kind: "location", id: "L" },
        companyId: "C",
        accessToken: "a",
        refreshToken: "r",
        lifetimeMs: 10_000,
        scopes: [],
      },
    });
  });

  test.each<[string, number, unknown, TokenOutcome["kind"]]>([
    ["an invalid grant", 400, { statusCode: 400, message: "Invalid grant: refresh token is invalid" }, "invalid_grant"],
    ["RFC 6749's form of it", 400, { error: "invalid_grant" }, "invalid_grant"],
    ["a paused location", 400, { statusCode: 400, message: "Location is not active" }, "suspended"],
    ["a missing parameter", 400, { message: "Missing parameter: clientId" }, "configuration"],
    ["a validation error", 422, { message: ["client_id must be a string"] }, "configuration"],
    [
      "a spent code",
      401,
      { error: "UnAuthorized!", error_description: "Authorization code not found" },
      "invalid_grant",
    ],
    ["an empty 500", 500, "", "ambiguous"],
    ["a gateway's HTML", 502, "<html>Bad Gateway</html>", "ambiguous"],
    ["a wall's 403", 403, "<html>blocked</html>", "ambiguous"],
    ["a 400 without a word", 400, "", "ambiguous"],
    ["a redirect", 302, "", "ambiguous"],
    ["a cut answer", 200, '{"access_token":"a', "ambiguous"],
    ["a 200 without tokens", 200, {}, "ambiguous"],
  ])("%s", async (_what, status, body, kind) => {
    expect((await answering(status, body)).kind).toBe(kind);
  });

  test("a 429 tells how long", async () => {
    expect(await answering(429, "", { "retry-after": "3" })).toEqual({ kind: "rate_limited", retryAfterMs: 3_000 });
    expect(await answering(429, "")).toEqual({ kind: "rate_limited", retryAfterMs: undefined });
  });

  test("a broken connection and a time-out are in doubt", async () => {
    expect(await call(() => Promise.reject(new TypeError("reset")))).toEqual({ kind: "ambiguous" });
    const silent = (request: Request) =>
      new Promise<Response>((_resolve, reject) =>
        request.signal.addEventListener("abort", () => reject(request.signal.reason as Error)),
      );
    expect(await call(silent, 1)).toEqual({ kind: "ambiguous" });
  });
});
