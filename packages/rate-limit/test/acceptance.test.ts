import { describe, expect, test } from "vitest";
import { simulate } from "../sim/scenario.ts";
import { slotLimiter } from "../sim/slot-limiter.ts";
import { fixedFromFirst, upstreams } from "../sim/upstream.ts";
import { createRateLimiter } from "../src/index.ts";
import { settled, virtualClock } from "./virtual.ts";

/** The bench's scenarios, a third as long and of one seed. */
const base = { limit: 100, intervalMs: 10_000, rttMs: [50, 400], durationMs: 600_000, seed: 7 } as const;
const exact = ["fixed", "fixed from first", "sliding log", "token bucket"];

describe.each(["always", "exceptions"] as const)("saturated, reports: %s", (reports) => {
  test.each(exact)("a saturated limiter against %s uses at least 95 percent of the limit, and gets no 429", (name) => {
    const { utilisation, refused } = simulate({ ...base, upstream: upstreams[name]! }, slotLimiter(reports));
    expect(utilisation).toBeGreaterThanOrEqual(0.95);
    expect(refused).toBe(0);
  });

  test("a saturated limiter against two-cell uses at least 94 percent of the limit, with at most 3 percent 429", () => {
    const long = { ...base, durationMs: 1_800_000, upstream: upstreams["two-cell"]! };
    const { utilisation, refusedShare } = simulate(long, slotLimiter(reports));
    expect(utilisation).toBeGreaterThanOrEqual(0.94);
    expect(refusedShare).toBeLessThanOrEqual(0.03);
  });

  test("a saturated limiter keeps these bounds in its first six minutes, too, when all the refusals come", () => {
    const upstream = upstreams["two-cell"]!;
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const { utilisation, refusedShare } = simulate(
        { ...base, durationMs: 360_000, upstream, seed },
        slotLimiter(reports),
      );
      expect(utilisation).toBeGreaterThanOrEqual(0.94);
      expect(refusedShare).toBeLessThanOrEqual(0.03);
    }
  });

  test.each(Object.keys(upstreams))(
    "a limiter against %s beside 20 percent of unknown usage uses at least 75 percent, with at most 5 percent 429",
    (name) => {
      const scenario = { ...base, durationMs: 1_800_000, externalShare: 0.2, upstream: upstreams[name]! };
      const { utilisation, refusedShare } = simulate(scenario, slotLimiter(reports));
      expect(utilisation).toBeGreaterThanOrEqual(0.75);
      expect(refusedShare).toBeLessThanOrEqual(0.05);
    },
  );

  test.each(exact)("%s, 2 percent of the answers lost, a restart a minute: at most the probes are refused", (name) => {
    const restartsAtMs = Array.from({ length: 9 }, (_, n) => (n + 1) * 60_000 + n * 1_234);
    const scenario = { ...base, upstream: upstreams[name]!, lossShare: 0.02, restartsAtMs };
    const { utilisation, refused } = simulate(scenario, slotLimiter(reports));
    expect(refused).toBeLessThanOrEqual(restartsAtMs.length);
    expect(utilisation).toBeGreaterThanOrEqual(0.8);
  });
});

test.each([
  [300, 20_500],
  [500, 41_000],
])(
  "%i calls at once against 100 per 10 s: all answered within %i ms, at most 1 percent sent twice",
  async (count, withinMs) => {
    const { world, now, setTimer } = virtualClock();
    const limits = { burst: { limit: 100, intervalMs: 10_000 } };
    const limiter = createRateLimiter({ limits, now, setTimer });
    const server = fixedFromFirst({ ...limits.burst, phaseMs: 0 });
    const RTT_MS = 60;
    let sent = 0;
    let answered = 0;
    const sleep = (ms: number): Promise<void> => new Promise((resolve) => world.at(world.nowMs + ms, resolve));
    async function call(): Promise<void> {
      for (;;) {
        const permit = await limiter.acquire({ resource: { kind: "location", id: "a" } });
        sent++;
        await sleep(RTT_MS / 2);
        const status = server.accept(world.nowMs) ? 200 : 429;
        const headers = new Headers({
          "x-ratelimit-max": "100",
          "x-ratelimit-remaining": `${server.remaining(world.nowMs)}`,
        });
        await sleep(RTT_MS / 2);
        permit.release({ status, headers });
        if (status === 200) break;
      }
      answered++;
    }
    for (let n = 0; n < count; n++) void call();
    await world.runAsync(withinMs, settled, () => answered === count);
    expect(answered).toBe(count);
    expect(sent).toBeLessThanOrEqual(count * 1.01);
    expect(world.nowMs).toBeLessThanOrEqual(withinMs);
  },
);
