import { createClient, type RetryOptions } from "@ghl-edge/client";
import { Contacts } from "@ghl-edge/client/v3/contacts";
import { createRateLimiter } from "@ghl-edge/rate-limit";
import { describe, expect, test } from "vitest";
import { createEmulator } from "../src/index.ts";
import { LOCATION } from "./support.ts";

interface Timer {
  readonly atMs: number;
  readonly run: () => void;
}

/** Timers this close together run in one step, which is what keeps the test short. */
const STEP_MS = 20;

/** A clock that moves to the next timers whenever everybody waits. */
function virtualClock() {
  let nowMs = 1_780_000_000_000;
  const timers = new Set<Timer>();
  const setTimer = (run: () => void, delayMs: number) => {
    const timer = { atMs: nowMs + delayMs, run };
    timers.add(timer);
    return () => void timers.delete(timer);
  };
  return {
    now: () => nowMs,
    setTimer,
    sleep: (ms: number) => new Promise<void>((resolve) => void setTimer(resolve, ms)),
    async runUntil(done: () => boolean) {
      while (!done()) {
        // promises of this moment go on first, also those that take several turns
        for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
        if (done()) return;
        const nextAtMs = Math.min(...[...timers].map(({ atMs }) => atMs));
        if (nextAtMs === Infinity) continue;
        nowMs = Math.max(nowMs, nextAtMs + STEP_MS);
        for (const timer of [...timers].filter(({ atMs }) => atMs <= nowMs)) {
          timers.delete(timer);
          timer.run();
        }
      }
    },
  };
}

/** The whole limit of a sandbox account. */
const CALLS = 25;

/** Each process has its own client, as it is by default, and sends a whole limit at once. */
async function run(processes: number, withLimiter: boolean, retry?: RetryOptions) {
  const clock = virtualClock();
  const startMs = clock.now();
  const emulator = createEmulator({
    now: clock.now,
    rateLimit: "sandbox",
    privateTokens: [
      { token: "pit-1", resource: { kind: "location", id: LOCATION }, scopes: ["contacts.readonly", "contacts.write"] },
    ],
  });
  let settled = 0;
  const calls = Array.from({ length: processes }, (_, process) => {
    let seed = process + 1;
    const random = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    const { now, sleep, setTimer } = clock;
    const client = createClient({
      auth: "pit-1",
      fetch: emulator.fetch,
      now,
      sleep,
      random,
      timeoutMs: Infinity,
      retry,
      rateLimiter: withLimiter ? createRateLimiter({ limits: "sandbox", now, setTimer }) : undefined,
    });
    const contacts = client.location(LOCATION).use(Contacts);
    return Array.from({ length: CALLS }, (_unused, index) =>
      contacts.upsertContact({ body: { email: `${process}-${index}@example.com` } }).finally(() => settled++),
    );
  }).flat();
  const results = Promise.allSettled(calls);
  await clock.runUntil(() => settled === calls.length);
  const failed = (await results).filter(({ status }) => status === "rejected");
  const refused = emulator.log.filter(({ status }) => status === 429).length;
  return { failed, refused, served: emulator.log.length - refused, tookMs: clock.now() - startMs };
}

describe("several processes on one budget of 25 calls in 10 s, with the client's defaults", () => {
  test.each([
    [4, false],
    [8, false],
    [4, true],
  ])("%i that send 25 calls each at once (limiters: %s): every call succeeds", async (processes, withLimiter) => {
    const { failed, refused, served, tookMs } = await run(processes, withLimiter);
    expect(failed).toEqual([]);
    expect(served).toBe(processes * CALLS);
    expect(refused).toBeGreaterThan(0);
    expect(tookMs).toBeGreaterThanOrEqual((processes - 1) * 10_000);
    expect(tookMs).toBeLessThan((processes + 2) * 10_000);
  });

  test("some calls of several processes are lost with three attempts at the limit", async () => {
    const { failed, served } = await run(4, false, { maxAttempts: 3 });
    expect(failed.length).toBeGreaterThan(0);
    expect(served).toBe(4 * CALLS - failed.length);
  });
});
