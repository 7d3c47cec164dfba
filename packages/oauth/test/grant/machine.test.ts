import { expect, test } from "vitest";
import {
  type GrantEvent,
  type GrantState,
  type GrantStep,
  newGrant,
  nextWakeMs,
  type RenewalOutcome,
  readGrant,
  stepGrant,
} from "../../src/index.ts";

const T0 = 1_800_000_000_000;
const DAY = 86_399_000;
const MINUTE = 60_000;
const token = (tokenId: string | undefined, obtainedAtMs: number) => ({
  ...(tokenId === undefined ? {} : { tokenId }),
  obtainedAtMs,
  expiresAtMs: obtainedAtMs + DAY,
});
const run = (state: GrantState, nowMs: number, ...events: GrantEvent[]): GrantStep =>
  events.reduce<GrantStep>((step, event) => stepGrant(step.state, event, nowMs), { state, effects: [] });
const installed = (renewal: GrantState["renewal"] = "refreshable"): GrantState =>
  run(newGrant(renewal), T0, { type: "exchanged", installedAtMs: T0, token: token("r1", T0) }).state;
const tick: GrantEvent = { type: "tick" };
const answer = (tokenId: string, attempt: number, outcome: RenewalOutcome): GrantEvent => ({
  type: "answered",
  tokenId,
  attempt,
  outcome,
});
const ambiguous = { kind: "ambiguous", code: "ERR_GHL_TIMEOUT" } as const;
const invalid = { kind: "invalid_grant", code: "ERR_GHL_INVALID_GRANT" } as const;
const sends = (step: GrantStep): number => step.effects.filter(({ type }) => type === "send").length;
const notices = (step: GrantStep): string[] =>
  step.effects.flatMap((effect) => (effect.type === "notify" ? [effect.notice] : []));

test("a fresh token needs nothing until 70 to 80 % of its lifetime are over", () => {
  for (const random of [0, 0.5, 0.999]) {
    const { state } = run(newGrant("refreshable"), T0, {
      type: "exchanged",
      installedAtMs: T0,
      token: token("r1", T0),
      random,
    });
    const ahead = state.current!.refreshAheadAtMs - T0;
    expect(ahead / DAY).toBeGreaterThanOrEqual(0.7);
    expect(ahead / DAY).toBeLessThanOrEqual(0.8);
    expect(nextWakeMs(state)).toBe(T0 + ahead);
    expect(run(state, T0 + ahead - 1, tick).state).toBe(state);
    expect(sends(run(state, T0 + ahead, tick))).toBe(1);
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

const HOUR = 60 * MINUTE;

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

/** Refuses whatever token there is at each of these times, and renews what is due. */
function refuse(state: GrantState, timesMs: readonly number[]): { state: GrantState; notices: string[]; sent: number } {
  const heard: string[] = [];
  let sent = 0;
  let serial = 1;
  for (const nowMs of timesMs) {
    for (const event of [tick, { type: "rejected" }, tick] as const) {
      const step = stepGrant(state, event, nowMs);
      ({ state } = step);
      heard.push(...notices(step));
      for (const effect of step.effects) {
        if (effect.type !== "send") continue;
        sent++;
        const tokenId = state.renewal === "derived" ? undefined : `r${++serial}`;
        const done = answer(effect.tokenId, effect.attempt, { kind: "token", token: token(tokenId, nowMs) });
        const renewed = stepGrant(state, done, nowMs);
        ({ state } = renewed);
        heard.push(...notices(renewed));
      }
    }
  }
  return { state, notices: heard, sent };
}

const every = (stepMs: number, untilMs: number): number[] =>
  Array.from({ length: untilMs / stepMs }, (_none, index) => T0 + (index + 1) * stepMs);

test("an access token that HighLevel ends is replaced at once, however often, while each lasts long enough", () => {
  const { state, sent, notices: heard } = refuse(installed(), [T0 + HOUR, T0 + 2 * HOUR, T0 + 3 * HOUR]);
  expect(sent).toBe(3);
  expect(heard).toEqual(["refreshed", "refreshed", "refreshed"]);
  expect(state.problem).toBeUndefined();
});

test("a second refusal within minutes is reported and has the token replaced after a pause", () => {
  const first = refuse(installed(), [T0 + 1_000]).state;
  const step = run(first, T0 + 2_000, { type: "rejected" });
  expect(notices(step)).toEqual(["token_refused"]);
  expect(step.state.problem).toEqual({ code: "ERR_GHL_ACCESS_TOKEN_INVALID", atMs: T0 + 2_000 });
  // Other operations may take it, so it is given out until it is replaced, a minute after it was obtained.
  expect(readGrant(step.state, T0 + 3_000)).toEqual({ kind: "usable", due: false });
  expect(nextWakeMs(step.state)).toBe(T0 + 1_000 + MINUTE);
  expect(run(step.state, T0 + 3_000, { type: "rejected" }, tick).state).toBe(step.state);
  expect(readGrant(step.state, T0 + 1_000 + MINUTE)).toEqual({ kind: "usable", due: true });
  const replaced = run(
    step.state,
    T0 + 1_000 + MINUTE,
    tick,
    answer("r2", 1, { kind: "token", token: token("r3", T0 + 1_000 + MINUTE) }),
  ).state;
  // Whether the API takes the new one has to show, so the problem stays until it has done so for an hour.
  expect(replaced.problem).toBeDefined();
  const overAtMs = T0 + 1_000 + MINUTE + HOUR;
  expect(nextWakeMs(replaced)).toBe(overAtMs);
  expect(run(replaced, overAtMs - 1, tick).state).toBe(replaced);
  expect(readGrant(replaced, overAtMs)).toEqual({ kind: "usable", due: true });
  const over = run(replaced, overAtMs, tick);
  expect(notices(over)).toEqual(["recovered"]);
  expect([over.state.problem, over.state.current?.refusals]).toEqual([undefined, undefined]);
  expect(nextWakeMs(over.state)).toBe(over.state.current!.refreshAheadAtMs);
});

test("a location that always answers 401 costs 4 rotations in 21 minutes, then one per hour, and is reported once", () => {
  const start = refuse(installed(), every(1_000, 22 * MINUTE));
  expect(start.sent).toBe(4);
  const day = refuse(installed(), every(10_000, 24 * HOUR));
  expect(day.sent).toBeLessThanOrEqual(4 + 24);
  expect(day.sent).toBeGreaterThanOrEqual(24);
  expect(day.notices.filter((notice) => notice !== "refreshed")).toEqual(["token_refused"]);
});

test("a derived token is always requested again, at most 15 minutes later", () => {
  const derived = run(
    newGrant("derived"),
    T0,
    tick,
    answer("derived", 1, { kind: "token", token: token(undefined, T0) }),
  );
  expect(refuse(derived.state, every(1_000, 2 * MINUTE)).sent).toBe(4);
  expect(refuse(derived.state, every(10_000, 24 * HOUR)).sent).toBeLessThanOrEqual(6 + 24 * 4);
});

test("a token without a refresh token is taken away when it is refused twice, a minute apart", () => {
  const { state } = run(newGrant("refreshable"), T0, {
    type: "exchanged",
    installedAtMs: T0,
    token: token(undefined, T0),
  });
  const once = run(state, T0 + 1_000, { type: "rejected" }).state;
  expect(readGrant(once, T0 + 2_000).kind).toBe("usable");
  const twice = run(once, T0 + 1_000 + MINUTE, { type: "rejected" }).state;
  expect(readGrant(twice, T0 + 1_000 + MINUTE)).toMatchObject({ kind: "refused", reason: "reauth_required" });
});

test("somebody who says so has a refused token replaced at once", () => {
  const { state } = refuse(installed(), [T0 + 1_000, T0 + 2_000]);
  expect(sends(run(state, T0 + 3_000, { type: "retry" }, tick))).toBe(1);
});

test("a lifecycle event without a time changes nothing", () => {
  const state = installed();
  for (const atMs of [Number.NaN, Number.POSITIVE_INFINITY, undefined as unknown as number])
    for (const type of ["installed", "uninstalled"] as const) {
      expect(run(state, T0 + 10, { type, atMs }).state).toBe(state);
      const unknown = newGrant("refreshable");
      expect(run(unknown, T0 + 10, { type, atMs }).state).toBe(unknown);
    }
  const undated = run(newGrant("refreshable"), T0, {
    type: "exchanged",
    installedAtMs: Number.NaN,
    token: token("r1", T0),
  });
  expect(undated.state.installedAtMs).toBe(T0);
});

test("events are ordered by their signed time, not by when they come", () => {
  const uninstalled = run(installed(), T0 + 10, { type: "uninstalled", atMs: T0 + 5 });
  expect(uninstalled.state).toMatchObject({ status: "uninstalled", uninstalledAtMs: T0 + 5 });
  expect(uninstalled.effects).toContainEqual({ type: "forget_tokens" });
  const old = run(uninstalled.state, T0 + 20, { type: "installed", atMs: T0 + 4 });
  expect(old.state).toBe(uninstalled.state);
  const again = run(uninstalled.state, T0 + 20, { type: "installed", atMs: T0 + 6 }).state;
  expect(again.status).toBe("pending");
  const exchanged = run(again, T0 + 30, {
    type: "exchanged",
    installedAtMs: T0 + 25,
    token: token("r9", T0 + 30),
  }).state;
  expect(run(exchanged, T0 + 40, { type: "uninstalled", atMs: T0 + 5 }).state).toBe(exchanged);
  expect(run(exchanged, T0 + 40, { type: "uninstalled", atMs: T0 + 35 }).state.status).toBe("uninstalled");
});

test("a tombstone takes no answer and sends nothing", () => {
  const gone = run(installed(), T0 + DAY, tick, { type: "uninstalled", atMs: T0 + DAY }).state;
  expect(run(gone, T0 + DAY, answer("r1", 1, { kind: "token", token: token("r2", T0) })).state).toBe(gone);
  for (const event of [tick, { type: "rejected" }, { type: "retry" }] as const)
    expect(run(gone, T0 + DAY * 3, event).state).toBe(gone);
});

test("an INSTALL event before the code waits for it", () => {
  const early = run(newGrant("refreshable"), T0, { type: "installed", atMs: T0, companyId: "c" }, tick);
  expect(early.state).toMatchObject({ status: "pending", companyId: "c" });
  expect(sends(early)).toBe(0);
  expect(run(early.state, T0 + 1, { type: "installed", atMs: T0, companyId: "c" }).state).toBe(early.state);
});

test("an operator gives a dead grant one more chance", () => {
  const doubted = run(installed(), T0 + DAY, tick, answer("r1", 1, invalid)).state;
  const dead = run(doubted, T0 + DAY + MINUTE, tick, answer("r1", 2, invalid)).state;
  const chance = run(dead, T0 + DAY * 2, { type: "retry" }, tick);
  expect(sends(chance)).toBe(1);
  expect(run(chance.state, T0 + DAY * 2, answer("r1", 1, invalid)).state.status).toBe("reauth_required");
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
