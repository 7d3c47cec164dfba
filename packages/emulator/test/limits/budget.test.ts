import { describe, expect, test } from "vitest";
import { type EmulatedRateLimit, RATE_LIMITS } from "../../src/index.ts";
import { createBudget } from "../../src/limits/budget.ts";
import { ask, bearer, clockedEmulator, installApp, LOCATION } from "../support.ts";

const contact = "/contacts/c0ntact00000000001";
const location = { kind: "location", id: LOCATION } as const;
const NOON = Date.parse("2026-11-21T12:00:00.000Z");

const limited = (limit: Partial<EmulatedRateLimit>) => createBudget({ ...RATE_LIMITS.standard, ...limit });

describe("budget", () => {
  test("the budget is shown in exactly HighLevel's headers", () => {
    expect(limited({}).count(NOON)).toEqual({
      allowed: true,
      headers: {
        "X-RateLimit-Limit-Daily": "200000",
        "X-RateLimit-Daily-Remaining": "199999",
        "X-RateLimit-Interval-Milliseconds": "10000",
        "X-RateLimit-Max": "100",
        "X-RateLimit-Remaining": "99",
        "X-RateLimit-Daily-Reset": "43200000",
      },
    });
    expect(limited({ headers: false }).count(NOON).headers).toEqual({});
  });

  test("the day begins at dayStartMs", () => {
    const budget = limited({ daily: 1, max: 5, dayStartMs: 13 * 3_600_000 });
    expect(budget.count(NOON).allowed).toBe(true);
    expect(budget.count(NOON + 3_599_999).allowed).toBe(false);
    expect(budget.count(NOON + 3_600_000).allowed).toBe(true);
  });

  test("Retry-After is sent only where the options say so, with the end of the window or of the day", () => {
    const count = (limit: Partial<EmulatedRateLimit>): string | undefined => {
      const budget = limited({ retryAfter: true, ...limit });
      budget.count(NOON);
      return budget.count(NOON + 2_500).headers["Retry-After"];
    };
    expect(count({ max: 1 })).toBe("8");
    expect(count({ daily: 1 })).toBe(String(43_200 - 2));
    expect(count({ max: 2 })).toBeUndefined();
    expect(count({ max: 1, retryAfter: false })).toBeUndefined();
  });

  test("somebody else spends a fifth all the time", () => {
    const budget = limited({ externalShare: 0.2, window: "sliding-log" });
    let allowed = 0;
    for (let ms = 0; ms < 100_000; ms += 50) if (budget.count(NOON + ms).allowed) allowed += 1;
    // 1,000 in 100 s and a first burst; the other one has up to a fifth of them
    expect(allowed).toBeGreaterThan(790);
    expect(allowed).toBeLessThan(1_000);
  });
});

describe("the limits of an emulator", () => {
  test("sandbox accounts have 25 in 10 s", async () => {
    const { emulator } = clockedEmulator({ rateLimit: "sandbox" });
    const { access_token: token } = await installApp(emulator);
    const responses = await Promise.all(Array.from({ length: 30 }, () => ask(emulator, contact, bearer(token))));
    expect(responses.filter(({ status }) => status === 200)).toHaveLength(25);
    expect(responses[0]!.headers.get("x-ratelimit-limit-daily")).toBe("10000");
  });

  test("the limits change while the emulator runs", async () => {
    const { emulator } = clockedEmulator();
    const { access_token: token } = await installApp(emulator);
    emulator.limits.set({ max: 1, intervalMs: 1_000, daily: 10, window: "token-bucket" });
    expect((await ask(emulator, contact, bearer(token))).status).toBe(200);
    expect((await ask(emulator, contact, bearer(token))).status).toBe(429);
    emulator.clock.advance(1_000);
    expect((await ask(emulator, contact, bearer(token))).status).toBe(200);
    expect(() => emulator.limits.set({ max: 0, intervalMs: 1, daily: 1 })).toThrow("rateLimit.max");
  });

  test("somebody else can spend the budget at once", async () => {
    const { emulator } = clockedEmulator();
    const { access_token: token } = await installApp(emulator);
    expect(emulator.limits.spend(location, 99)).toBe(99);
    expect((await ask(emulator, contact, bearer(token))).headers.get("x-ratelimit-remaining")).toBe("0");
    expect((await ask(emulator, contact, bearer(token))).status).toBe(429);
    expect(emulator.limits.spend(location, 5)).toBe(0);
  });
});

test.each([
  ["gold", "rateLimit must be one of standard, sandbox"],
  [{ max: 1, window: "leaky" }, "rateLimit.window must be one of"],
  [{ max: 1, externalShare: 2 }, "at most 1"],
  [{ max: "1" }, "rateLimit.max"],
])("%j is no limit", (rateLimit, message) => {
  expect(() => clockedEmulator({ rateLimit: rateLimit as never })).toThrow(message);
});
