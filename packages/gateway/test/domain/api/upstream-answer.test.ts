import { describe, expect, test } from "vitest";
import { retryDelayMs } from "../../../src/domain/api/upstream-answer.ts";

describe("a 429 is sent again", () => {
  test("a 429 is sent again after the time that it says, else after 1, 2 and 4 s, and not more often", () => {
    expect([0, 1, 2, 3].map((retries) => retryDelayMs({ status: 429 }, retries))).toEqual([
      1_000,
      2_000,
      4_000,
      undefined,
    ]);
    expect(retryDelayMs({ status: 429, retryAfterMs: 300 }, 2)).toBe(300);
  });

  test("a 429 is not sent again when the day's budget is used up, and no other status is", () => {
    expect(retryDelayMs({ status: 429, dailyRemaining: 0 }, 0)).toBeUndefined();
    for (const status of [200, 401, 500, 503]) expect(retryDelayMs({ status }, 0)).toBeUndefined();
  });
});
