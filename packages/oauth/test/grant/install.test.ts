import { expect, test } from "vitest";
import { newGrant } from "../../src/index.ts";
import { answer, DAY, installed, invalid, MINUTE, run, sends, T0, tick, token } from "./grant-steps.ts";

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
