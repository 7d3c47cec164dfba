import { expect, test } from "vitest";
import { type GrantEvent, newGrant, nextWakeMs, readGrant } from "../../src/index.ts";
import {
  ambiguous,
  answer,
  DAY,
  installed,
  invalid,
  MINUTE,
  notices,
  run,
  sends,
  T0,
  tick,
  token,
} from "./grant-steps.ts";

test("a refreshed token needs nothing until 70 to 80 % of its lifetime are over", () => {
  for (const random of [0, 0.5, 0.999]) {
    const received = { ...answer("r1", 1, { kind: "token", token: token("r2", T0 + DAY) }), random } as GrantEvent;
    const { state } = run(installed(), T0 + DAY, tick, received);
    const ahead = state.current!.refreshAheadAtMs - T0 - DAY;
    expect(ahead / DAY).toBeGreaterThanOrEqual(0.7);
    expect(ahead / DAY).toBeLessThanOrEqual(0.8);
    const dueAtMs = T0 + DAY + ahead;
    expect(nextWakeMs(state)).toBe(dueAtMs);
    expect(run(state, dueAtMs - 1, tick).state).toBe(state);
    expect(sends(run(state, dueAtMs, tick))).toBe(1);
  }
});

test("a request is stored before it is sent: epoch, attempt, time and lease", () => {
  const step = run(installed(), T0 + DAY, tick);
  expect(step.state).toMatchObject({
    status: "refreshing",
    epoch: 2,
    intent: { tokenId: "r1", attempt: 1, firstSentAtMs: T0 + DAY, leaseUntilMs: T0 + DAY + 8_000 },
  });
  expect(step.effects).toContainEqual({ type: "send", tokenId: "r1", attempt: 1, notAfterMs: T0 + DAY + 8_000 });
  expect(run(step.state, T0 + DAY + 7_999, tick).state).toBe(step.state);
});

test("a token is sent again after a lost answer: at 0.5, 2, 5, 12, 22 s, 1, 5, 15 min, then hourly", () => {
  let state = installed();
  let nowMs = T0 + DAY;
  const offsets: number[] = [];
  for (let attempt = 1; attempt <= 11; attempt++) {
    state = run(state, nowMs, tick, answer("r1", attempt, ambiguous)).state;
    nowMs = state.intent!.nextAttemptAtMs!;
    offsets.push(nowMs - T0 - DAY);
    expect(run(state, nowMs - 1, tick).state).toBe(state);
  }
  expect(offsets.slice(0, 5)).toEqual([500, 2_000, 5_000, 12_000, 22_000]);
  // Waits of a minute and more are up to 10 % longer; here by half of that.
  expect(offsets.slice(5, 8)).toEqual([1, 5, 15].map((minutes) => minutes * MINUTE * 1.05));
  expect(offsets[9]! - offsets[8]!).toBe(60 * MINUTE * 1.05);
});

test("attempts that use up their time-out follow each other inside the grace of 30 s", () => {
  let state = installed();
  let nowMs = T0 + DAY;
  const sentAtMs: number[] = [];
  for (let attempt = 1; attempt <= 5; attempt++) {
    sentAtMs.push(nowMs - T0 - DAY);
    state = run(state, nowMs, tick).state;
    nowMs += 6_000;
    state = run(state, nowMs, answer("r1", attempt, ambiguous)).state;
    nowMs = state.intent!.nextAttemptAtMs!;
  }
  expect(sentAtMs).toEqual([0, 6_000, 12_000, 18_000, 24_000]);
});

test("a sender that never came back is taken over after its lease, with the same token", () => {
  const sent = run(installed(), T0 + DAY, tick).state;
  const step = run(sent, T0 + DAY + 8_000, tick);
  expect(step.effects).toContainEqual(expect.objectContaining({ type: "send", tokenId: "r1", attempt: 2 }));
});

test("the old access token is served until it expires while renewal is in trouble", () => {
  const dueAtMs = T0 + DAY * 0.75;
  const state = run(installed(), dueAtMs, tick, answer("r1", 1, ambiguous)).state;
  expect(readGrant(state, T0 + DAY - 1).kind).toBe("usable");
  expect(readGrant(state, T0 + DAY).kind).toBe("wait");
  const doubted = run(installed(), dueAtMs, tick, answer("r1", 1, invalid)).state;
  expect(readGrant(doubted, dueAtMs + 1).kind).toBe("usable");
});

test("an invalid grant is believed only when it is said again a minute later", () => {
  const first = run(installed(), T0 + DAY, tick, answer("r1", 1, invalid));
  expect(first.state.status).toBe("refreshing");
  expect(readGrant(first.state, T0 + DAY + 1)).toMatchObject({ kind: "refused", reason: "reauth_unconfirmed" });
  expect(run(first.state, T0 + DAY + MINUTE - 1, tick).state).toBe(first.state);
  const second = run(first.state, T0 + DAY + MINUTE, tick, answer("r1", 2, invalid));
  expect(second.state.status).toBe("reauth_required");
  expect(notices(second)).toEqual(["reauth_required"]);
  expect(run(second.state, T0 + DAY * 9, tick).state).toBe(second.state);
  const healed = run(first.state, T0 + DAY + MINUTE, tick, answer("r1", 2, { kind: "token", token: token("r2", T0) }));
  expect(healed.state.status).toBe("active");
});

test("lost races change nothing", () => {
  const active = run(
    installed(),
    T0 + DAY,
    tick,
    answer("r1", 1, { kind: "token", token: token("r2", T0 + DAY) }),
  ).state;
  for (const outcome of [
    invalid,
    ambiguous,
    { kind: "suspended", code: "x" },
    { kind: "configuration", code: "x" },
  ] as const)
    expect(run(active, T0 + DAY, answer("r1", 1, outcome)).state).toBe(active);
  // Also while the successor is being renewed, and for an answer to an earlier attempt.
  const renewing = run(active, T0 + DAY * 2, tick).state;
  expect(run(renewing, T0 + DAY * 2, answer("r1", 1, invalid)).state).toBe(renewing);
  const second = run(renewing, T0 + DAY * 2 + 8_000, tick).state;
  expect(second.intent?.attempt).toBe(2);
  expect(run(second, T0 + DAY * 2 + 8_000, answer("r2", 1, invalid)).state).toBe(second);
});

test("an answer that is said twice counts once, however much later", () => {
  for (const outcome of [
    invalid,
    ambiguous,
    { kind: "suspended", code: "x" },
    { kind: "rate_limited", code: "x" },
  ] as const) {
    const heard = run(installed(), T0 + DAY, tick, answer("r1", 1, outcome)).state;
    expect(run(heard, T0 + DAY + MINUTE, answer("r1", 1, outcome)).state).toBe(heard);
  }
});

test("two answers to one token: the same successor changes nothing, another one of a later request wins", () => {
  const twice = run(installed(), T0 + DAY, tick).state;
  const taken = run(twice, T0 + DAY + 8_000, tick).state;
  const first = run(taken, T0 + DAY + 8_000, answer("r1", 1, { kind: "token", token: token("r2", T0 + DAY) })).state;
  expect(first).toMatchObject({ status: "active", current: { tokenId: "r2" } });
  expect(run(first, T0 + DAY + 9_000, answer("r1", 2, { kind: "token", token: token("r2", T0 + DAY) })).state).toBe(
    first,
  );
  const other = run(first, T0 + DAY + 9_000, answer("r1", 2, { kind: "token", token: token("r3", T0 + DAY) })).state;
  expect(other.current?.tokenId).toBe("r3");
  expect(run(other, T0 + DAY + 9_000, answer("r1", 1, { kind: "token", token: token("r2", T0 + DAY) })).state).toBe(
    other,
  );
});

test("a success counts whenever it comes, also after the grant was given up", () => {
  const sent = run(installed(), T0 + DAY, tick).state;
  const doubted = run(sent, T0 + DAY + 9_000, tick, answer("r1", 2, invalid)).state;
  const dead = run(doubted, T0 + DAY + 9_000 + MINUTE, tick, answer("r1", 3, invalid)).state;
  expect(dead.status).toBe("reauth_required");
  const late = run(dead, T0 + DAY + 9_000 + MINUTE, answer("r1", 1, { kind: "token", token: token("r2", T0 + DAY) }));
  expect(late.state).toMatchObject({ status: "active", current: { tokenId: "r2" } });
  expect(late.effects).toContainEqual({ type: "store_tokens" });
});

test("an answer without a refresh token keeps the one that was sent", () => {
  const state = run(
    installed(),
    T0 + DAY,
    tick,
    answer("r1", 1, { kind: "token", token: token(undefined, T0 + DAY) }),
  ).state;
  expect(state.current?.tokenId).toBe("r1");
});

test("a derived token needs no refresh token and may be made again at once", () => {
  const first = run(newGrant("derived"), T0, tick);
  expect(first.effects).toContainEqual(expect.objectContaining({ type: "send", tokenId: "derived" }));
  const active = run(first.state, T0, answer("derived", 1, { kind: "token", token: token(undefined, T0) })).state;
  expect(active).toMatchObject({ status: "active", current: { tokenId: "derived" } });
  const older = answer("derived", 1, { kind: "token", token: token(undefined, T0 - 1_000) });
  expect(run(active, T0, older).state).toBe(active);
});

test("a grant without a refresh token ends with its access token", () => {
  const state = run(newGrant("refreshable"), T0, {
    type: "exchanged",
    installedAtMs: T0,
    token: token(undefined, T0),
  }).state;
  expect(readGrant(state, T0 + DAY / 2).kind).toBe("usable");
  expect(run(state, T0 + DAY, tick).state).toBe(state);
  expect(readGrant(state, T0 + DAY)).toMatchObject({ kind: "refused", reason: "reauth_required" });
});
