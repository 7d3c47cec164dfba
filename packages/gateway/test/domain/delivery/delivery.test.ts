import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  allowedInFlight,
  type Breaker,
  type BreakerEvent,
  CLOSED,
  DISABLED_AFTER_MS,
  isHopeless,
  stepBreaker,
} from "../../../src/domain/delivery/breaker.ts";
import { breakerEvent, type Outcome, outcomeOf } from "../../../src/domain/delivery/delivery-outcome.ts";
import {
  MAX_RETRY_AFTER_MS,
  nextAttemptAtMs,
  RETRY_DELAYS_MS,
} from "../../../src/domain/delivery/delivery-schedule.ts";
import { contactOf, shardOf } from "../../../src/domain/delivery/outgoing.ts";

const answer = (status: number, headers: Record<string, string> = {}) => ({ status, headers: new Headers(headers) });

describe("the schedule", () => {
  test("the schedule has eight retries, each within a fifth of its time, and then no more", () => {
    expect(RETRY_DELAYS_MS.map((ms) => ms / 1_000)).toEqual([5, 30, 300, 1_800, 7_200, 18_000, 36_000, 86_400]);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (attempts, random) => {
          const delayMs = nextAttemptAtMs(attempts, { nowMs: 1_000, random })! - 1_000;
          const meant = RETRY_DELAYS_MS[attempts - 1]!;
          expect(delayMs).toBeGreaterThanOrEqual(Math.floor(meant * 0.8));
          expect(delayMs).toBeLessThanOrEqual(Math.ceil(meant * 1.2));
        },
      ),
    );
    expect(nextAttemptAtMs(9, { nowMs: 0, random: 0.5 })).toBeUndefined();
  });

  test("the schedule waits as long as the endpoint requests, up to a day, and never less than planned", () => {
    const at = (retryAfterMs: number) => nextAttemptAtMs(1, { retryAfterMs, nowMs: 0, random: 0.5 });
    expect([at(60_000), at(1), at(1e12)]).toEqual([60_000, 5_000, MAX_RETRY_AFTER_MS]);
  });
});

describe("an answer", () => {
  test.each<[number, Record<string, string>, Outcome["kind"], BreakerEvent["type"]]>([
    [200, {}, "delivered", "succeeded"],
    [204, {}, "delivered", "succeeded"],
    [299, {}, "delivered", "succeeded"],
    [301, { location: "https://evil.dev" }, "failed", "refused"],
    [304, {}, "failed", "refused"],
    [400, {}, "failed", "refused"],
    [401, {}, "failed", "refused"],
    [408, {}, "failed", "failed"],
    [410, {}, "gone", "refused"],
    [422, {}, "failed", "refused"],
    [429, {}, "failed", "failed"],
    [429, { "retry-after": "7" }, "failed", "busy"],
    [500, {}, "failed", "failed"],
    [503, { "retry-after": "7" }, "failed", "busy"],
  ])("%i %o is %s, and for the breaker %s", (status, headers, kind, event) => {
    const outcome = outcomeOf(answer(status, headers), 0);
    expect([outcome.kind, breakerEvent(outcome).type]).toEqual([kind, event]);
  });

  test("an answer that never came is the endpoint's failure, and a request that cannot be sent is not", () => {
    const failed = { kind: "failed", status: null, code: "ERR_GHL_GATEWAY_DESTINATION_TIMEOUT" } as const;
    expect(breakerEvent(failed)).toEqual({ type: "failed" });
    const final = { ...failed, code: "ERR_GHL_GATEWAY_DESTINATION_TOO_LARGE", isFinal: true } as const;
    expect(breakerEvent(final)).toEqual({ type: "refused" });
  });
});

describe("the breaker", () => {
  const event = fc.oneof<fc.Arbitrary<BreakerEvent>[]>(
    fc.constant({ type: "succeeded" }),
    fc.constant({ type: "failed" }),
    fc.constant({ type: "refused" }),
    fc.integer({ min: 0, max: 1e9 }).map((retryAfterMs) => ({ type: "busy", retryAfterMs })),
  );
  const story = fc.array(fc.tuple(event, fc.integer({ min: 0, max: 3_600_000 })), { maxLength: 60 });

  test("the breaker closes after one success, is open for an hour at most, and then lets one through, whatever happens", () => {
    fc.assert(
      fc.property(story, (events) => {
        let breaker: Breaker = CLOSED;
        let nowMs = 0;
        for (const [what, passedMs] of events) {
          nowMs += passedMs;
          breaker = stepBreaker(breaker, what, nowMs);
          if (what.type === "succeeded") expect(breaker).toEqual(CLOSED);
          else expect(breaker.failingSinceMs).not.toBeNull();
          const { openUntilMs } = breaker;
          if (openUntilMs !== null) expect(openUntilMs - nowMs).toBeLessThanOrEqual(3_600_000);
          const afterMs = Math.max(nowMs, openUntilMs ?? 0);
          expect(allowedInFlight(breaker, 6, afterMs)).toBeGreaterThanOrEqual(1);
          if (openUntilMs !== null && openUntilMs > nowMs) expect(allowedInFlight(breaker, 6, nowMs)).toBe(0);
        }
      }),
    );
  });

  test("the breaker opens after five failures in a row, longer each time, and not after a refusal of the endpoint", () => {
    let breaker = CLOSED;
    for (let i = 0; i < 20; i++) breaker = stepBreaker(breaker, { type: "refused" }, 0);
    expect(allowedInFlight(breaker, 6, 0)).toBe(6);
    for (let i = 0; i < 4; i++) breaker = stepBreaker(breaker, { type: "failed" }, 0);
    expect(allowedInFlight(breaker, 6, 0)).toBe(6);
    const opened: number[] = [];
    for (let nowMs = 0, i = 0; i < 8; i++) {
      breaker = stepBreaker(breaker, { type: "failed" }, nowMs);
      // A delivery that was in flight when it opened changes nothing.
      expect(stepBreaker(breaker, { type: "failed" }, nowMs).openUntilMs).toBe(breaker.openUntilMs);
      opened.push(breaker.openUntilMs! - nowMs);
      nowMs = breaker.openUntilMs!;
      expect(allowedInFlight(breaker, 6, nowMs)).toBe(1);
    }
    expect(opened).toEqual([10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000, 300_000]);
  });

  test("the breaker is hopeless after five days without a success, not before", () => {
    const failing = stepBreaker(CLOSED, { type: "failed" }, 1_000);
    expect(isHopeless(failing, 1_000 + DISABLED_AFTER_MS - 1)).toBe(false);
    expect(isHopeless(failing, 1_000 + DISABLED_AFTER_MS)).toBe(true);
    expect(isHopeless(CLOSED, Number.MAX_SAFE_INTEGER)).toBe(false);
  });
});

test("a contact's events are one contact's, by whatever field, and share a shard", () => {
  expect(contactOf("ContactUpdate", { id: "a" })).toBe("a");
  expect(contactOf("NoteCreate", { id: "n", contactId: "a" })).toBe("a");
  expect(contactOf("InvoicePaid", { id: "i" })).toBeUndefined();
  expect(contactOf("unknown", [1])).toBeUndefined();
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), fc.integer({ min: 1, max: 16 }), (key, one, other, shards) => {
      const shard = shardOf({ id: one, orderKey: key }, shards);
      expect(shardOf({ id: other, orderKey: key }, shards)).toBe(shard);
      expect(shard).toBeGreaterThanOrEqual(0);
      expect(shard).toBeLessThan(shards);
    }),
  );
});

test("shards share alike", () => {
  const counts = Array.from({ length: 8 }, () => 0);
  for (let i = 0; i < 8_000; i++) counts[shardOf({ id: `evt_${i}`, orderKey: null }, 8)]! += 1;
  for (const count of counts) expect(count).toBeGreaterThan(700);
});
