import fc from "fast-check";
import { expect, test } from "vitest";
import { nextWakeMs, type RenewalOutcome, readGrant } from "../../src/index.ts";
import { type Fault, World } from "./model.ts";
import { PROPERTY_TIMEOUT_MS } from "./runs.ts";

const MINUTE = 60_000;
/** The longest wait of the machine, an hour and its spread: docs/design/oauth.md. */
const RECOVERS_WITHIN_MS = 66 * MINUTE;

const outcome: fc.Arbitrary<RenewalOutcome> = fc.oneof(
  fc.record({
    kind: fc.constant("ambiguous" as const),
    code: fc.constantFrom("ERR_GHL_REDIRECTED", "ERR_GHL_UPSTREAM"),
  }),
  fc.record({
    kind: fc.constant("rate_limited" as const),
    code: fc.constant("ERR_GHL_RATE_LIMITED"),
    retryAfterMs: fc.nat({ max: 4_000_000 }),
  }),
  fc.record({ kind: fc.constant("suspended" as const), code: fc.constant("ERR_GHL_LOCATION_NOT_ACTIVE") }),
  fc.record({
    kind: fc.constant("configuration" as const),
    code: fc.constantFrom("ERR_GHL_INVALID_CLIENT", "ERR_GHL_VALIDATION"),
    configurationId: fc.constantFrom("this", "other"),
  }),
);
// Whatever was carried out: HighLevel has no answer that says so and brings no tokens.
const fault: fc.Arbitrary<Fault> = fc.record({ outcome, isCarriedOut: fc.boolean() });
const faults = fc.array(fault, { minLength: 1, maxLength: 12 });

/** The next moment at which the machine itself wants a tick, as an alarm gives it. */
function sleepUntilDue(world: World): void {
  world.nowMs = Math.max(world.nowMs + 100, nextWakeMs(world.state) ?? world.nowMs + 5_000);
}

/** Ticks when the machine wants them, by a process that has the settings `this`, until the grant rests. */
function runUntilWell(world: World, untilMs: number): void {
  for (; world.nowMs < untilMs; sleepUntilDue(world)) {
    world.event(0, { type: "tick", configurationId: "this" });
    expect(new Set(world.requests.map(({ tokenId }) => tokenId)).size).toBeLessThanOrEqual(1);
    while (world.requests.length > 0) world.serve(0, false);
    while (world.answers.length > 0) world.deliver(0, false);
    const { status, problem, intent } = world.state;
    if (world.faults.length === 0 && status === "active" && !problem && !intent) return;
  }
}

test("after any answers, a grant recovers by itself within 66 minutes of the last of them", {
  timeout: PROPERTY_TIMEOUT_MS,
}, () => {
  fc.assert(
    fc.property(faults, (wrong) => {
      const world = new World(Number.POSITIVE_INFINITY, 1);
      world.nowMs += 86_400_000;
      world.faults.push(...wrong);
      while (world.faults.length > 0) {
        const left = world.faults.length;
        for (let round = 0; world.faults.length === left && round < 1_000; round++) {
          world.event(0, { type: "tick", configurationId: "this" });
          if (world.requests.length === 0) sleepUntilDue(world);
          while (world.requests.length > 0) world.serve(0, false);
          while (world.answers.length > 0) world.deliver(0, false);
        }
        expect(world.faults.length).toBeLessThan(left);
      }
      const overAtMs = world.nowMs;
      runUntilWell(world, overAtMs + 10 * 60 * MINUTE);
      expect(world.violations).toEqual([]);
      expect(world.state).toMatchObject({ status: "active", current: { tokenId: `r${world.serverToken}` } });
      expect(world.nowMs - overAtMs).toBeLessThanOrEqual(RECOVERS_WITHIN_MS + 5_000);
      // The tokens are sent one at a time, and never an earlier one again.
      const numbers = world.sentTokens.map((token) => Number(token.slice(1)));
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    }),
  );
});

test("answers that are odd cost no call while the access token is good", { timeout: PROPERTY_TIMEOUT_MS }, () => {
  fc.assert(
    fc.property(faults, (wrong) => {
      const world = new World(Number.POSITIVE_INFINITY, 1);
      world.nowMs = world.state.current!.refreshAheadAtMs;
      world.faults.push(...wrong);
      const endsAtMs = world.state.current!.expiresAtMs;
      for (; world.nowMs < endsAtMs && world.faults.length > 0; sleepUntilDue(world)) {
        world.event(0, { type: "tick", configurationId: "this" });
        while (world.requests.length > 0) world.serve(0, false);
        while (world.answers.length > 0) world.deliver(0, false);
        expect(readGrant(world.state, world.nowMs, "this").kind).toBe("usable");
      }
    }),
  );
});
