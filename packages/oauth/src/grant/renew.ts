import type { GrantEffect, GrantStep } from "./event.ts";
import { isDue, isInFlight, isWaiting } from "./read.ts";
import { type GrantState, MINTED, type RenewalCause, type RenewalIntent } from "./state.ts";
import { LEASE_MS, RESEND_LATER_MS, RESEND_OFFSETS_MS, SPREAD, SUSPENDED_RETRY_MS } from "./timing.ts";

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

/** Where a grant rests when nothing is under way. */
export function restingStatus(state: GrantState): "active" | "pending" {
  return state.current ? "active" : "pending";
}

/** What a renewal sends: the refresh token, or nothing that could be spent. */
export function sendableTokenId(state: GrantState): string | undefined {
  return state.renewal === "minted" ? MINTED : state.current?.tokenId;
}

/** When to send again after the n-th ambiguous answer (n from 1). Never in the past. */
export function resendAtMs(firstSentAtMs: number, answers: number, nowMs: number, random: number): number {
  const offsetMs = RESEND_OFFSETS_MS[answers - 1];
  if (offsetMs === undefined) return nowMs + RESEND_LATER_MS * (1 + SPREAD * random);
  const spreadMs = offsetMs < 60_000 ? 0 : offsetMs * SPREAD * random;
  return Math.max(nowMs, firstSentAtMs + offsetMs + spreadMs);
}

/** Takes the right to send, and says so before anything is sent. */
export function send(
  state: GrantState,
  cause: RenewalCause,
  nowMs: number,
  change: Partial<RenewalIntent> = {},
): GrantStep {
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
    ambiguousAnswers: before?.ambiguousAnswers ?? 0,
    suspendedAnswers: before?.suspendedAnswers ?? 0,
    ...change,
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
    nextAttemptAtMs: resendAtMs(firstSentAtMs, ambiguousAnswers, nowMs, 0.5),
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
  // A minted token is no risk, so a wrong setting on HighLevel's side is asked about again now and then.
  const stale = state.renewal === "minted" && problem !== undefined && nowMs - problem.atMs >= SUSPENDED_RETRY_MS;
  if (problem?.configurationId !== undefined && problem.configurationId === configurationId && !stale)
    return stay(state);
  if (current === undefined) return state.renewal === "minted" ? send(state, "install", nowMs) : stay(state);
  return isDue(current, nowMs)
    ? send(state, current.rejectedAtMs === undefined ? "due" : "rejected", nowMs)
    : stay(state);
}

/**
 * The API refused the access token. It is replaced once: when the replacement is refused too, the token is not the
 * trouble, and a rotation for each call would follow. The next renewal in its time allows another one.
 */
export function rejected(state: GrantState, nowMs: number): GrantStep {
  const { current } = state;
  if (current === undefined || current.rejectedAtMs !== undefined || current.cause === "rejected") return stay(state);
  return {
    state: next(state, { current: { ...current, rejectedAtMs: nowMs } }),
    effects: [{ type: "wake", atMs: nowMs }],
  };
}
