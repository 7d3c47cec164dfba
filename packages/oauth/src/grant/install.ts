import { currentToken } from "./answered.ts";
import type { GrantEvent, GrantStep } from "./event.ts";
import { isInFlight, isRefusalProblem } from "./read.ts";
import { next, restingStatus, sendableTokenId, stay } from "./renew.ts";
import type { GrantState } from "./state.ts";
import { CONFIRM_MS } from "./timing.ts";

type EventOf<T extends GrantEvent["type"]> = Extract<GrantEvent, { type: T }>;

/** A code was exchanged: HighLevel itself says the app is installed, whatever was known before. */
export function exchanged(state: GrantState, event: EventOf<"exchanged">): GrantStep {
  const current = currentToken(event.token, { cause: "install", isFirst: true, random: event.random ?? 0.5 });
  return {
    state: next(state, {
      status: "active",
      current,
      intent: undefined,
      problem: undefined,
      installedAtMs: Math.max(
        Number.isFinite(event.installedAtMs) ? event.installedAtMs : event.token.obtainedAtMs,
        state.installedAtMs ?? 0,
      ),
      uninstalledAtMs: undefined,
      companyId: event.companyId ?? state.companyId,
    }),
    effects: [
      { type: "store_tokens" },
      { type: "wake", atMs: current.refreshAheadAtMs },
      { type: "notify", notice: "installed" },
    ],
  };
}

/** An INSTALL event may come before the code, after it, twice, or after the UNINSTALL that followed it. */
export function installed(state: GrantState, event: EventOf<"installed">): GrantStep {
  // An event without a time may be from before an UNINSTALL.
  if (!Number.isFinite(event.atMs)) return stay(state);
  if (state.uninstalledAtMs !== undefined && event.atMs <= state.uninstalledAtMs) return stay(state);
  const known = state.epoch > 0 && state.status !== "uninstalled" && event.atMs <= (state.installedAtMs ?? 0);
  const companyId = event.companyId ?? state.companyId;
  if (known && companyId === state.companyId) return stay(state);
  return {
    state: next(state, {
      status: state.status === "uninstalled" ? "pending" : state.status,
      installedAtMs: Math.max(event.atMs, state.installedAtMs ?? 0),
      companyId,
      // A mint that was refused before the install may succeed now.
      problem: state.renewal === "derived" ? undefined : state.problem,
    }),
    effects: [],
  };
}

/** An UNINSTALL event older than the newest install is about the one before it. */
export function uninstalled(state: GrantState, event: EventOf<"uninstalled">): GrantStep {
  // An event without a time may be about an earlier install: no tokens are forgotten for it.
  if (!Number.isFinite(event.atMs)) return stay(state);
  if (state.installedAtMs !== undefined && event.atMs < state.installedAtMs) return stay(state);
  if (state.status === "uninstalled" && event.atMs <= (state.uninstalledAtMs ?? 0)) return stay(state);
  return {
    state: next(state, {
      status: "uninstalled",
      uninstalledAtMs: event.atMs,
      current: undefined,
      intent: undefined,
      problem: undefined,
    }),
    effects: [{ type: "forget_tokens" }, { type: "notify", notice: "uninstalled" }],
  };
}

/** Makes the next attempt due now, unless nothing is wrong or somebody is sending. A dead grant gets one more chance. */
export function retry(state: GrantState, nowMs: number): GrantStep {
  const { intent, problem, current } = state;
  const tokenId = sendableTokenId(state);
  if (state.status === "uninstalled" || tokenId === undefined || !(intent || problem)) return stay(state);
  if (intent && isInFlight(intent, nowMs)) return stay(state);
  const dead = state.status === "reauth_required";
  const chance = {
    cause: "due",
    tokenId,
    attempt: 0,
    sentAtMs: nowMs,
    ambiguousAnswers: 0,
    suspendedAnswers: 0,
  } as const;
  const due = dead
    ? { ...chance, nextAttemptAtMs: nowMs, invalidGrantAtMs: nowMs - CONFIRM_MS }
    : intent && { ...intent, nextAttemptAtMs: nowMs };
  const refused = current && (isRefusalProblem(problem) || current.replaceAtMs !== undefined);
  return {
    state: next(state, {
      status: due ? "refreshing" : restingStatus(state),
      intent: due,
      // It stays until a success ends it: what was reported as broken has to be reported as restored.
      problem: problem?.configurationId === undefined ? problem : { ...problem, retryAtMs: nowMs, answers: 0 },
      ...(refused ? { current: { ...current, replaceAtMs: nowMs } } : {}),
    }),
    effects: [{ type: "wake", atMs: nowMs }],
  };
}
