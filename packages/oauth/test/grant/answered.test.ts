import { expect, test } from "vitest";
import { type GrantState, nextWakeMs, readGrant } from "../../src/index.ts";
import { ambiguous, answer, DAY, installed, MINUTE, notices, run, sends, T0, tick, token } from "./grant-steps.ts";

test("a suspended grant keeps its token and is tried again after 15 minutes, then hourly", () => {
  const paused = { kind: "suspended", code: "ERR_GHL_LOCATION_NOT_ACTIVE" } as const;
  const first = run(installed(), T0 + DAY, tick, answer("r1", 1, paused));
  expect(first.state.status).toBe("suspended");
  expect(notices(first)).toEqual(["suspended"]);
  const again = first.state.intent!.nextAttemptAtMs!;
  expect(again - T0 - DAY).toBeGreaterThanOrEqual(15 * MINUTE);
  expect(readGrant(first.state, T0 + DAY + 1)).toEqual({
    kind: "refused",
    reason: "suspended",
    retryAtMs: again,
    code: paused.code,
  });
  const second = run(first.state, again, tick, answer("r1", 2, paused));
  expect(notices(second)).toEqual([]);
  expect(second.state.intent!.nextAttemptAtMs! - again).toBeGreaterThanOrEqual(60 * MINUTE);
  const back = run(
    second.state,
    second.state.intent!.nextAttemptAtMs!,
    tick,
    answer("r1", 3, { kind: "token", token: token("r2", T0) }),
  );
  expect(back.state).toMatchObject({ status: "active", epoch: back.state.epoch });
  expect(back.state.problem).toBeUndefined();
});

test("a 429 waits as long as it says, and does not count as lost", () => {
  const limited = { kind: "rate_limited", code: "ERR_GHL_RATE_LIMITED", retryAfterMs: 40_000 } as const;
  const state = run(installed(), T0 + DAY, tick, answer("r1", 1, limited)).state;
  expect(state.intent).toMatchObject({ nextAttemptAtMs: T0 + DAY + 40_000, ambiguousAnswers: 0 });
  expect(state.intent?.firstSentAtMs).toBeUndefined();
});

test("a configuration error is reported once and tried again after 15 minutes, then hourly", () => {
  const wrong = { kind: "configuration", code: "ERR_GHL_INVALID_CLIENT", configurationId: "one" } as const;
  const due = { type: "tick", configurationId: "one" } as const;
  let step = run(installed(), T0 + DAY, due, answer("r1", 1, wrong));
  // Said once it is a slip: asked again at once, while callers wait.
  expect([notices(step), step.state.problem]).toEqual([[], undefined]);
  expect(readGrant(step.state, T0 + DAY)).toEqual({ kind: "wait", untilMs: T0 + DAY + 500 });
  let nowMs = T0 + DAY + 500;
  step = run(step.state, nowMs, due, answer("r1", 2, wrong));
  expect(notices(step)).toEqual(["configuration_error"]);
  expect(readGrant(step.state, nowMs + 1)).toMatchObject({ kind: "refused", reason: "configuration" });
  const waits: number[] = [];
  for (let round = 0; round < 4; round++) {
    const retryAtMs = nextWakeMs(step.state)!;
    expect(step.effects).toContainEqual({ type: "wake", atMs: retryAtMs });
    expect(run(step.state, retryAtMs - 1, due).state).toBe(step.state);
    waits.push((retryAtMs - nowMs) / MINUTE);
    nowMs = retryAtMs;
    expect(readGrant(step.state, nowMs).kind).toBe("wait");
    step = run(step.state, nowMs, due, answer("r1", 1, wrong));
    expect(notices(step)).toEqual([]);
  }
  // Up to 10 % longer; here by half of that.
  expect(waits).toEqual([15, 60, 60, 60].map((minutes) => minutes * 1.05));
  const well = { kind: "token", token: token("r2", T0 + DAY * 2) } as const;
  const healed = run(step.state, nextWakeMs(step.state)!, due, answer("r1", 1, well)).state;
  expect([healed.status, healed.problem]).toEqual(["active", undefined]);
});

test("another configuration, or somebody who says so, has a configuration error tried again at once", () => {
  const wrong = { kind: "configuration", code: "ERR_GHL_INVALID_CLIENT", configurationId: "one" } as const;
  const once = run(installed(), T0 + DAY, { type: "tick", configurationId: "one" }, answer("r1", 1, wrong));
  const { state } = run(once.state, T0 + DAY + 500, { type: "tick", configurationId: "one" }, answer("r1", 2, wrong));
  expect(sends(run(state, T0 + DAY + 1, { type: "tick", configurationId: "two" }))).toBe(1);
  expect(readGrant(state, T0 + DAY + 1, "two").kind).toBe("wait");
  expect(readGrant(state, T0 + DAY + 1, "one").kind).toBe("refused");
  expect(sends(run(state, T0 + DAY + 1, { type: "retry" }, { type: "tick", configurationId: "one" }))).toBe(1);
});

test("a retry keeps the problem until HighLevel's answer ends it", () => {
  const wrong = { kind: "configuration", code: "ERR_GHL_INVALID_CLIENT", configurationId: "one" } as const;
  const due = { type: "tick", configurationId: "one" } as const;
  const once = run(installed(), T0 + DAY, due, answer("r1", 1, wrong));
  const broken = run(once.state, T0 + DAY + 500, due, answer("r1", 2, wrong)).state;
  const retried = run(broken, T0 + DAY + MINUTE, { type: "retry" }, due);
  expect(sends(retried)).toBe(1);
  expect(retried.state.problem?.code).toBe(wrong.code);
  // Refused again: believed at once, and the pauses begin with the short one.
  const refused = run(retried.state, T0 + DAY + MINUTE, answer("r1", 1, wrong));
  expect(refused.state.problem).toMatchObject({ atMs: T0 + DAY + MINUTE, answers: 1 });
  expect([notices(refused), refused.state.intent]).toEqual([[], undefined]);
  const well = { kind: "token", token: token("r2", T0 + DAY) } as const;
  expect(run(retried.state, T0 + DAY + MINUTE, answer("r1", 1, well)).state.problem).toBeUndefined();
});

test("a configuration error without the field retryAtMs is tried again by itself", () => {
  const problem = { code: "ERR_GHL_INVALID_CLIENT", atMs: T0 + DAY, configurationId: "one" };
  const state: GrantState = { ...installed(), problem };
  expect(nextWakeMs(state)).toBe(T0 + DAY + 15 * MINUTE);
  const due = { type: "tick", configurationId: "one" } as const;
  expect(sends(run(state, T0 + DAY + 15 * MINUTE - 1, due))).toBe(0);
  expect(sends(run(state, T0 + DAY + 15 * MINUTE, due))).toBe(1);
});

test("a configuration error or a pause does not end the grace of an answer that was lost", () => {
  for (const outcome of [
    { kind: "configuration", code: "ERR_GHL_VALIDATION", configurationId: "one" },
    { kind: "suspended", code: "ERR_GHL_LOCATION_NOT_ACTIVE" },
  ] as const) {
    const lost = run(installed(), T0 + DAY, tick, answer("r1", 1, ambiguous)).state;
    const odd = run(lost, T0 + DAY + 500, tick, answer("r1", 2, outcome)).state;
    expect(odd.intent?.nextAttemptAtMs).toBe(T0 + DAY + 2_000);
  }
});

test("a token endpoint that is down for four hours costs no call", () => {
  let state = installed();
  let nowMs = state.current!.refreshAheadAtMs;
  const untilMs = nowMs + 4 * 60 * MINUTE;
  for (let attempt = 1; nowMs < untilMs; attempt++) {
    state = run(state, nowMs, tick, answer("r1", attempt, ambiguous)).state;
    expect(readGrant(state, nowMs).kind).toBe("usable");
    nowMs = state.intent!.nextAttemptAtMs!;
  }
  expect(readGrant(state, untilMs).kind).toBe("usable");
  expect(sends(run(state, nowMs, tick))).toBe(1);
  expect(nowMs).toBeLessThan(state.current!.expiresAtMs);
});
