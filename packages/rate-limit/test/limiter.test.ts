import { describe, expect, test } from "vitest";
import {
  createRateLimiter,
  createSlotLimiter,
  DailyLimitError,
  type Permit,
  PermitDeadlineError,
  QueueFullError,
  RateLimitConfigurationError,
  type RateLimiterOptions,
} from "../src/index.ts";
import { CONFIG, settled, virtualClock } from "./virtual.ts";

const LIMITS = { burst: { limit: 2, intervalMs: 10_000 } };
const resource = { kind: "location", id: "loc" } as const;

function setUp(options: RateLimiterOptions = {}) {
  const { world, now, setTimer } = virtualClock();
  const limiter = createRateLimiter({ limits: LIMITS, now, setTimer, ...options });
  return { world, limiter, run: (untilMs: number) => world.runAsync(untilMs, settled).then(() => world.run(untilMs)) };
}

const head = (status: number, headers: Record<string, string> = {}) => ({ status, headers: new Headers(headers) });

describe("acquire", () => {
  test("the limiter gives as many permits as the limit allows, the next one an interval after an answer", async () => {
    const { world, limiter, run } = setUp();
    const [first] = await Promise.all([limiter.acquire({ resource }), limiter.acquire({ resource })]);
    let thirdAtMs: number | undefined;
    void limiter.acquire({ resource }).then(() => {
      thirdAtMs = world.nowMs;
    });
    await run(300);
    first!.release(head(200));
    await run(20_000);
    expect(thirdAtMs).toBe(10_300);
  });

  test("the limiter separates the budgets of resources and of apps, and gives calls without resource their own", async () => {
    const { limiter } = setUp({ maxWaitMs: 0 });
    const requests = [
      { resource },
      { resource: { kind: "company", id: "loc" } as const },
      { resource: { kind: "location", id: "other" } as const },
      { resource, app: "b" },
      {},
    ];
    for (const request of requests) {
      await limiter.acquire(request);
      await limiter.acquire(request);
      await expect(limiter.acquire(request)).rejects.toBeInstanceOf(PermitDeadlineError);
    }
    expect(limiter.size).toBe(requests.length);
  });

  test("the limiter refuses a call at once that cannot start before its deadline, with a time to come back that works", async () => {
    const { limiter, run } = setUp();
    const permits = await Promise.all([limiter.acquire({ resource }), limiter.acquire({ resource })]);
    await run(200);
    for (const permit of permits) permit.release(head(200));
    const refused = await limiter.acquire({ resource, maxWaitMs: 9_999 }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(PermitDeadlineError);
    expect(refused).toMatchObject({ code: "ERR_GHL_RATE_LIMIT_DEADLINE", retryAfterMs: 10_000 });
    await run(200 + 10_000);
    await limiter.acquire({ resource, maxWaitMs: 0 });
  });

  test("the limiter refuses a call at the deadline when the call had a chance", async () => {
    const { world, limiter, run } = setUp();
    const permits = await Promise.all([limiter.acquire({ resource }), limiter.acquire({ resource })]);
    let refusedAtMs: number | undefined;
    void limiter.acquire({ resource, maxWaitMs: 12_000 }).catch(() => {
      refusedAtMs = world.nowMs;
    });
    await run(5_000);
    for (const permit of permits) permit.release(head(200));
    await run(30_000);
    expect(refusedAtMs).toBe(12_000);
  });

  test("a deadline that has passed is refused only where the call cannot start at once", async () => {
    const { limiter } = setUp();
    await limiter.acquire({ resource, maxWaitMs: -1 });
    await limiter.acquire({ resource, maxWaitMs: -1 });
    await expect(limiter.acquire({ resource, maxWaitMs: -1 })).rejects.toBeInstanceOf(PermitDeadlineError);
  });

  test("the limiter refuses a malformed request", async () => {
    const { limiter } = setUp();
    for (const wrong of [{ maxWaitMs: Number.NaN }, { maxWaitMs: "5" as never }, { priority: "urgent" as "bulk" }])
      await expect(limiter.acquire({ resource, ...wrong })).rejects.toMatchObject({
        code: "ERR_GHL_RATE_LIMIT_CONFIGURATION",
        option: Object.keys(wrong)[0],
      });
  });

  test("the limiter refuses a call that exceeds the queue", async () => {
    const { limiter } = setUp({ maxQueue: 1 });
    await Promise.all([limiter.acquire({ resource }), limiter.acquire({ resource })]);
    void limiter.acquire({ resource });
    await expect(limiter.acquire({ resource })).rejects.toBeInstanceOf(QueueFullError);
  });

  test("a call with a queue of 0 starts at once or is refused", async () => {
    const { limiter } = setUp({ maxQueue: 0 });
    await limiter.acquire({ resource });
    await limiter.acquire({ resource });
    await expect(limiter.acquire({ resource })).rejects.toBeInstanceOf(QueueFullError);
  });

  test("an abort removes the waiter and rejects with its reason", async () => {
    const { limiter, run } = setUp();
    const permits = await Promise.all([limiter.acquire({ resource }), limiter.acquire({ resource })]);
    const controller = new AbortController();
    const aborted = limiter.acquire({ resource, signal: controller.signal });
    const next = limiter.acquire({ resource });
    expect(limiter.inspect({ resource })?.waiting).toBe(2);
    const reason = new Error("cancelled");
    controller.abort(reason);
    await expect(aborted).rejects.toBe(reason);
    expect(limiter.inspect({ resource })?.waiting).toBe(1);
    permits[0]!.release(head(200));
    await run(10_000);
    expect(await Promise.race([next.then(() => "granted"), settled()])).toBe("granted");
  });

  test("a signal that was aborted before uses no permit", async () => {
    const { limiter } = setUp();
    const reason = new Error("too late");
    await expect(limiter.acquire({ resource, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(limiter.inspect({ resource })?.burst.open).toBe(2);
  });
});

describe("a permit", () => {
  test("a permit that is discarded frees its slot at once", async () => {
    const { limiter } = setUp({ maxWaitMs: 0 });
    const permit = await limiter.acquire({ resource });
    await limiter.acquire({ resource });
    permit.discard();
    await limiter.acquire({ resource });
  });

  test("a permit is released once: later reports change nothing", async () => {
    const { limiter, run } = setUp({ maxWaitMs: 0 });
    const permits = await Promise.all([limiter.acquire({ resource }), limiter.acquire({ resource })]);
    for (const permit of permits) permit.release(head(200));
    await run(10_000);
    for (const permit of permits) {
      permit.release(head(429));
      permit.discard();
    }
    expect(limiter.inspect({ resource })?.burst.open).toBe(2);
  });

  test("a permit without an answer still counts for an interval", async () => {
    const { limiter, run } = setUp({ maxWaitMs: 0 });
    const permits: Permit[] = [await limiter.acquire({ resource }), await limiter.acquire({ resource })];
    for (const permit of permits) permit.release();
    await run(9_999);
    await expect(limiter.acquire({ resource })).rejects.toBeInstanceOf(PermitDeadlineError);
    await run(10_000);
    await limiter.acquire({ resource });
  });

  test("a permit that is never released blocks its slot for a minute more, not for ever", async () => {
    const { limiter, run } = setUp({ maxWaitMs: 0 });
    await limiter.acquire({ resource });
    await limiter.acquire({ resource });
    await run(69_999);
    await expect(limiter.acquire({ resource })).rejects.toBeInstanceOf(PermitDeadlineError);
    await run(70_000);
    await limiter.acquire({ resource });
  });

  test("a permit carries the limits of the answer: a smaller one becomes the limit", async () => {
    const { limiter } = setUp({ limits: "standard" });
    const permit = await limiter.acquire({ resource });
    permit.release(head(200, { "x-ratelimit-max": "25", "x-ratelimit-remaining": "24" }));
    expect(limiter.inspect({ resource })?.burst).toMatchObject({ limit: 25, open: 24 });
  });

  test("a permit carries the day: at its end calls are refused until it is over", async () => {
    const { limiter, run } = setUp({ limits: "sandbox" });
    const permit = await limiter.acquire({ resource });
    permit.release(
      head(200, {
        "x-ratelimit-limit-daily": "10000",
        "x-ratelimit-daily-remaining": "0",
        "x-ratelimit-daily-reset": "60000",
      }),
    );
    const refused = await limiter.acquire({ resource }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(DailyLimitError);
    expect(refused).toMatchObject({ code: "ERR_GHL_RATE_LIMIT_DAILY", retryAfterMs: 60_000 });
    await run(60_000);
    await limiter.acquire({ resource });
  });
});

test("a budget unused for the idle time is forgotten, one in use is not", async () => {
  const { limiter, run } = setUp({ idleMs: 60_000 });
  const other = { kind: "location", id: "other" } as const;
  (await limiter.acquire({ resource })).release(head(200));
  await run(50_000);
  await limiter.acquire({ resource: other });
  await run(100_000);
  await limiter.acquire({ resource: other });
  expect(limiter.inspect({ resource })).toBeUndefined();
  expect(limiter.size).toBe(1);
});

test("limits can depend on the resource", async () => {
  const { limiter } = setUp({ limits: ({ resource: of }) => (of?.kind === "company" ? "sandbox" : "standard") });
  await limiter.acquire({ resource });
  await limiter.acquire({ resource: { kind: "company", id: "c" } });
  expect(limiter.inspect({ resource })?.burst.limit).toBe(100);
  expect(limiter.inspect({ resource: { kind: "company", id: "c" } })?.burst.limit).toBe(25);
});

describe("createRateLimiter refuses options that cannot be right", () => {
  const wrong: [option: string, options: object][] = [
    ["limits", { limits: "unlimited" }],
    ["limits.burst.limit", { limits: { burst: { limit: 0, intervalMs: 1 } } }],
    ["limits.burst.limit", { limits: { burst: { limit: 1.5, intervalMs: 1 } } }],
    ["limits.burst.intervalMs", { limits: { burst: { limit: 1, intervalMs: 0 } } }],
    ["limits.daily.limit", { limits: { burst: { limit: 1, intervalMs: 1 }, daily: { limit: -1 } } }],
    ["reserves.bulk", { reserves: { bulk: 1.1 } }],
    ["maxQueue", { maxQueue: -1 }],
    ["maxWaitMs", { maxWaitMs: Number.NaN }],
    ["idleMs", { idleMs: 0 }],
    ["limits", { limits: "toString" }],
    ["limits", { limits: null }],
    ["limits", { limits: {} }],
    ["limits.burst.limit", { limits: { burst: { limit: "100", intervalMs: 1 } } }],
    ["limits.burst.limit", { limits: { burst: {} } }],
    ["limits.burst.intervalMs", { limits: { burst: { limit: 1, intervalMs: Number.NaN } } }],
    ["limits.daily.limit", { limits: { burst: { limit: 1, intervalMs: 1 }, daily: { limit: Number.NaN } } }],
    ["limits.daily.limit", { limits: { burst: { limit: 1, intervalMs: 1 }, daily: null } }],
    ["reserves.normal", { reserves: { normal: "0.1" } }],
    ["reserves.normal", { reserves: { normal: Number.NaN } }],
    ["maxQueue", { maxQueue: "5" }],
    ["maxWaitMs", { maxWaitMs: "5" }],
    ["maxWaitMs", { maxWaitMs: -1 }],
    ["idleMs", { idleMs: "5" }],
    ["now", { now: 5 }],
    ["setTimer", { setTimer: "setTimeout" }],
  ];
  test.each(wrong)("createRateLimiter refuses an option that cannot be right: %s %j", (option, options) => {
    const make = (): unknown => createRateLimiter(options);
    expect(make).toThrow(RateLimitConfigurationError);
    expect(make).toThrow(expect.objectContaining({ option, code: "ERR_GHL_RATE_LIMIT_CONFIGURATION" }));
  });
});

describe("the machine refuses a configuration that cannot be right", () => {
  const wrong: [option: string, config: object][] = [
    ["limits.burst.limit", { burst: { limit: 0, intervalMs: 10_000 } }],
    ["limits.daily.limit", { daily: { limit: "5" } }],
    ["reserves.bulk", { reserves: { interactive: 0, normal: 0 } }],
    ["maxQueue", { maxQueue: Number.NaN }],
    ["unsettledPadMs", { unsettledPadMs: -1 }],
    ["prefetchMs", { prefetchMs: Number.NaN }],
    ["evictedAfterMs", { evictedAfterMs: -1 }],
  ];
  test.each(wrong)("the machine refuses a configuration that cannot be right: %s in %j", (option, config) => {
    expect(() => createSlotLimiter({ ...CONFIG, ...config }, 0)).toThrow(expect.objectContaining({ option }));
  });

  test.each([Number.NaN, "0", null, undefined])("the machine refuses a time of %j", (nowMs) => {
    expect(() => createSlotLimiter(CONFIG, nowMs as never)).toThrow(expect.objectContaining({ option: "nowMs" }));
  });
});
