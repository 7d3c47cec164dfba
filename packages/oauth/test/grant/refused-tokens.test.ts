import { expect, test } from "vitest";
import { type GrantState, newGrant, nextWakeMs, readGrant, stepGrant } from "../../src/index.ts";
import { answer, HOUR, installed, MINUTE, notices, run, sends, T0, tick, token } from "./grant-steps.ts";

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
