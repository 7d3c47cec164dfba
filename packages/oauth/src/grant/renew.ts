import type { GrantEffect, GrantStep } from "./event.ts";
import { configurationRetryMs, isAhead, isDue, isInFlight, isRecovered, isWaiting } from "./read.ts";
import {
  type CurrentToken,
  DERIVED,
  type GrantState,
  REFUSED_CODE,
  type RenewalCause,
  type RenewalIntent,
} from "./state.ts";
import { LEASE_MS, REFUSAL_PAUSES_MS, REFUSALS_OVER_MS, RESEND_LATER_MS, RESEND_OFFSETS_MS, SPREAD } from "./timing.ts";

/** Nothing happens: the very same state, so that nobody stores it again. */
export function stay(state: GrantState): GrantStep {
  return { state, effects: [] };
}

/** Drops members that are `undefined`, which JSON could not hold. */
export function compact<T extends object>(value: { readonly [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
}

/** The next state, one epoch on. */
export function next(
  state: GrantState,
  change: { readonly [K in keyof GrantState]?: GrantState[K] | undefined },
): GrantState {
  return compact<GrantState>({ ...state, ...change, epoch: state.epoch + 1 });
}

/** Returns the status of a grant that is not being renewed. */
export function restingStatus(state: GrantState): "active" | "pending" {
  return state.current ? "active" : "pending";
}

/** Returns the id of the refresh token that a renewal sends; a derived grant sends none. */
export function sendableTokenId(state: GrantState): string | undefined {
  return state.renewal === "derived" ? DERIVED : state.current?.tokenId;
}

/** Returns the time of the next request after the n-th ambiguous answer (n from 1). It is never in the past. */
export function resendAtMs(
  firstSentAtMs: number,
  answers: number,
  { nowMs, random }: { readonly nowMs: number; readonly random: number },
): number {
  const offsetMs = RESEND_OFFSETS_MS[answers - 1];
  if (offsetMs === undefined) return nowMs + RESEND_LATER_MS * (1 + SPREAD * random);
  const spreadMs = offsetMs < 60_000 ? 0 : offsetMs * SPREAD * random;
  return Math.max(nowMs, firstSentAtMs + offsetMs + spreadMs);
}

/** Takes the right to send, and says so before anything is sent. */
export function send(state: GrantState, cause: RenewalCause, nowMs: number): GrantStep {
  const tokenId = sendableTokenId(state);
  if (tokenId === undefined) return stay(state);
  const before = state.intent?.tokenId === tokenId ? state.intent : undefined;
  const intent = compact<RenewalIntent>({
    cause: before?.cause ?? cause,
    tokenId,
    attempt: (before?.attempt ?? 0) + 1,
    firstSentAtMs: before?.firstSentAtMs ?? nowMs,
    sentAtMs: nowMs,
    leaseUntilMs: nowMs + LEASE_MS,
    nextAttemptAtMs: undefined,
    invalidGrantAtMs: before?.invalidGrantAtMs,
    isRefused: before?.isRefused,
    ambiguousAnswers: before?.ambiguousAnswers ?? 0,
    suspendedAnswers: before?.suspendedAnswers ?? 0,
  });
  const effects: GrantEffect[] = [
    { type: "wake", atMs: nowMs + LEASE_MS },
    { type: "send", tokenId, attempt: intent.attempt, notAfterMs: nowMs + LEASE_MS },
  ];
  return { state: next(state, { status: "refreshing", intent }), effects };
}

/** The sender never came back with an answer: the same as an answer that says nothing. */
function withoutLapsedLease(intent: RenewalIntent, nowMs: number): RenewalIntent {
  if (intent.leaseUntilMs === undefined) return intent;
  const { leaseUntilMs: _lapsed, ...rest } = intent;
  const ambiguousAnswers = intent.ambiguousAnswers + 1;
  const firstSentAtMs = Math.min(intent.firstSentAtMs ?? intent.sentAtMs, nowMs);
  return {
    ...rest,
    ambiguousAnswers,
    firstSentAtMs,
    nextAttemptAtMs: resendAtMs(firstSentAtMs, ambiguousAnswers, { nowMs, random: 0.5 }),
  };
}

/** Does what is due. */
export function tick(state: GrantState, nowMs: number, configurationId: string | undefined): GrantStep {
  const { current, problem } = state;
  if (state.status === "uninstalled" || state.status === "reauth_required") return stay(state);
  if (state.intent) {
    if (isInFlight(state.intent, nowMs)) return stay(state);
    const intent = withoutLapsedLease(state.intent, nowMs);
    if (!isWaiting(intent, nowMs)) return send({ ...state, intent }, intent.cause, nowMs);
    if (intent === state.intent) return stay(state);
    const atMs = intent.nextAttemptAtMs ?? nowMs;
    return { state: next(state, { intent }), effects: [{ type: "wake", atMs }] };
  }
  const retryAtMs = configurationRetryMs(state);
  if (retryAtMs !== undefined && problem?.configurationId === configurationId && isAhead(retryAtMs, nowMs))
    return stay(state);
  if (current === undefined) return state.renewal === "derived" ? send(state, "install", nowMs) : stay(state);
  if (isDue(current, nowMs)) return send(state, isRefused(current) ? "rejected" : "due", nowMs);
  return isRecovered(state, nowMs) ? recovered(state, current) : stay(state);
}

function isRefused({ rejectedAtMs, replaceAtMs }: CurrentToken): boolean {
  return rejectedAtMs !== undefined || replaceAtMs !== undefined;
}

/** The API takes the token that replaced refused ones. */
function recovered(state: GrantState, { refusals: _over, ...current }: CurrentToken): GrantStep {
  return {
    state: next(state, { current, problem: undefined }),
    effects: [
      { type: "wake", atMs: current.refreshAheadAtMs },
      { type: "notify", notice: "recovered" },
    ],
  };
}

/**
 * The API refused the access token, so it is replaced: at once the first time, and after a growing pause where the one
 * before was refused as well. HighLevel answers 401 for other reasons, too, and a rotation per call would follow. In the
 * pause the token is given out further, because other operations may still take it.
 */
export function rejected(state: GrantState, nowMs: number): GrantStep {
  const { current, problem } = state;
  if (current === undefined || current.rejectedAtMs !== undefined) return stay(state);
  const { replaceAtMs, obtainedAtMs } = current;
  if (replaceAtMs !== undefined && isAhead(replaceAtMs, nowMs)) return stay(state);
  const isOver = nowMs - obtainedAtMs >= REFUSALS_OVER_MS;
  // A record without this field says only why a token was obtained.
  const refusals = isOver ? 0 : (current.refusals ?? (current.cause === "rejected" ? 1 : 0));
  const pauses = REFUSAL_PAUSES_MS[state.renewal];
  // A token that cannot be renewed is dropped at its second refusal, a pause later: one odd answer must not end it.
  const pauseMs = pauses[Math.min(current.tokenId === undefined ? 1 : refusals, pauses.length - 1)]!;
  const pauseEndsAtMs = (current.tokenId === undefined ? nowMs : obtainedAtMs) + pauseMs;
  if (replaceAtMs !== undefined || !isAhead(pauseEndsAtMs, nowMs))
    return {
      state: next(state, { current: { ...current, refusals, rejectedAtMs: nowMs } }),
      effects: [{ type: "wake", atMs: nowMs }],
    };
  const effects: GrantEffect[] = [{ type: "wake", atMs: pauseEndsAtMs }];
  if (problem === undefined) effects.push({ type: "notify", notice: "token_refused", code: REFUSED_CODE });
  return {
    state: next(state, {
      current: { ...current, refusals, replaceAtMs: pauseEndsAtMs },
      problem: problem ?? { code: REFUSED_CODE, atMs: nowMs },
    }),
    effects,
  };
}
