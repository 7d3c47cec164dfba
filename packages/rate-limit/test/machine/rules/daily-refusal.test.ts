import { describe, expect, test } from "vitest";
import { createRateLimiter, DailyLimitError } from "../../../src/index.ts";
import { createMachine, settled, virtualClock } from "../../virtual.ts";

const HOUR_MS = 3_600_000;
const daily = { limit: 1_000 };

describe("a call without deadline is not held by the day", () => {
  test("waiting calls are refused as soon as HighLevel says that the day is used up", () => {
    const m = createMachine({ burst: { limit: 1, intervalMs: 10_000 }, daily });
    m.request(0);
    m.request(0);
    m.request(0, { priority: "bulk", maxWaitMs: 2 * HOUR_MS });
    const { refusals, wakeAtMs } = m.settle(1, 100, { status: 429, dailyRemaining: 0, retryAfterMs: HOUR_MS });
    expect(refusals.map(({ call, reason }) => [call, reason])).toEqual([
      [2, "daily"],
      [3, "daily"],
    ]);
    expect(wakeAtMs).toBeNull();
  });

  test("waiting calls of a class whose share is used up are refused, and more urgent ones continue to wait", () => {
    const m = createMachine({ burst: { limit: 1, intervalMs: 10_000 }, daily });
    m.request(0);
    for (const priority of ["bulk", "normal", "interactive"] as const) m.request(0, { priority });
    const { refusals } = m.settle(1, 100, { status: 200, dailyRemaining: 10, dailyLimit: 1_000 });
    expect(refusals.map(({ call }) => call)).toEqual([3, 2]);
    expect(m.state.waiting.count).toBe(1);
  });

  test.each([
    ["no daily limit is known", undefined],
    ["the day is far from used up", daily],
  ])("a pause of an hour refuses those without deadline at once, and lets the others wait (%s)", (_, limit) => {
    const m = createMachine({ burst: { limit: 1, intervalMs: 10_000 }, daily: limit });
    m.request(0);
    m.request(0);
    m.request(0, { maxWaitMs: 2 * HOUR_MS });
    const { refusals } = m.settle(1, 100, { status: 429, retryAfterMs: HOUR_MS });
    expect(refusals).toEqual([{ call: 2, reason: "daily", retryAfterMs: HOUR_MS }]);
    expect(m.request(200).refusals).toEqual([{ call: 4, reason: "daily", retryAfterMs: HOUR_MS - 100 }]);
    expect(m.request(200, { maxWaitMs: 60_000 }).refusals).toMatchObject([{ call: 5, reason: "deadline" }]);
    expect(m.feed({ type: "tick" }, 100 + HOUR_MS).permits).toMatchObject([{ call: 3 }]);
    expect(m.request(101 + HOUR_MS).refusals).toEqual([]);
  });

  test("a pause of up to a minute is waited for", () => {
    const m = createMachine({ burst: { limit: 1, intervalMs: 10_000 }, daily });
    m.request(0);
    m.request(0);
    expect(m.settle(1, 0, { status: 429, retryAfterMs: 60_000 }).refusals).toEqual([]);
    expect(m.feed({ type: "tick" }, 60_000).permits).toMatchObject([{ call: 2 }]);
  });

  test("a limiter rejects a call without deadline with DailyLimitError, and says when to come back", async () => {
    const { world, now, setTimer } = virtualClock();
    const limiter = createRateLimiter({ limits: { burst: { limit: 1, intervalMs: 10_000 }, daily }, now, setTimer });
    const permit = await limiter.acquire();
    const waiting = limiter.acquire().catch((error: unknown) => error);
    permit.release({
      status: 429,
      headers: new Headers({ "retry-after": "3600", "x-ratelimit-daily-remaining": "0" }),
    });
    await settled();
    expect(await waiting).toBeInstanceOf(DailyLimitError);
    expect(await waiting).toMatchObject({ retryAfterMs: HOUR_MS });
    expect(world.nowMs).toBe(0);
  });
});
