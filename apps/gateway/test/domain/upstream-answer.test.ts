import { describe, expect, test } from "vitest";
import { meansTokenRejected, retryDelayMs } from "../../src/domain/upstream-answer.ts";

describe("a 429 is sent again", () => {
  test("after what it says, else after 1, 2 and 4 s; not more often", () => {
    expect([0, 1, 2, 3].map((retries) => retryDelayMs({ status: 429 }, retries))).toEqual([
      1_000,
      2_000,
      4_000,
      undefined,
    ]);
    expect(retryDelayMs({ status: 429, retryAfterMs: 300 }, 2)).toBe(300);
  });

  test("not when the day's budget is used up, and nothing else is", () => {
    expect(retryDelayMs({ status: 429, dailyRemaining: 0 }, 0)).toBeUndefined();
    for (const status of [200, 401, 500, 503]) expect(retryDelayMs({ status }, 0)).toBeUndefined();
  });
});

describe("a 401 is about the token", () => {
  test.each([
    '{"statusCode":401,"message":"Invalid token: access token is invalid","error":"Unauthorized"}',
    '{"message":"Invalid JWT"}',
    '{"message":"The access token expired"}',
    '{"error":"invalid_token","error_description":"The token is revoked"}',
  ])("%s", (text) => expect(meansTokenRejected(401, text)).toBe(true));

  test.each<[number, string]>([
    [401, '{"message":"The token is not authorized for this scope."}'],
    [401, '{"message":"Token\'s user type mismatch!"}'],
    [401, '{"message":"version header is invalid"}'],
    [401, '{"message":"version header was not found."}'],
    [401, '{"message":"This authClass type is not allowed to access this scope."}'],
    [401, '{"message":"Unauthorized"}'],
    [401, "<html>Unauthorized</html>"],
    [401, ""],
    [403, '{"message":"Invalid token: access token is invalid"}'],
    [200, '{"message":"Invalid token"}'],
  ])("not: %i %s", (status, text) => expect(meansTokenRejected(status, text)).toBe(false));
});
