import type { AnsweredEvent, GrantEffect, GrantStep, ReceivedToken, RenewalOutcome } from "./event.ts";
import { isRefusalProblem } from "./read.ts";
import { next, resendAtMs, restingStatus, sendableTokenId, stay } from "./renew.ts";
import type { CurrentToken, GrantState, RenewalCause, RenewalIntent } from "./state.ts";
import {
  CONFIGURATION_RETRY_MS,
  CONFIRM_MS,
  FIRST_REFRESH_FROM,
  GRACE_MS,
  RATE_LIMIT_MAX_MS,
  RATE_LIMIT_WAIT_MS,
  REFRESH_AHEAD_FROM,
  REFRESH_AHEAD_TO,
  REFUSALS_OVER_MS,
  RESEND_OFFSETS_MS,
  SPREAD,
  SUSPENDED_LATER_MS,
  SUSPENDED_RETRY_MS,
} from "./timing.ts";

/** Origin of a token. */
interface Origin {
  readonly cause: RenewalCause;
  readonly parentId?: string;
  readonly attempt?: number;
  readonly refusals?: number;
  /** There was no token before it, so many grants may have received theirs at the same time. */
  readonly isFirst: boolean;
  readonly random: number;
}

/** Describes a received token, without the token. */
export function currentToken(token: ReceivedToken, origin: Origin): CurrentToken {
  const { random, isFirst, ...rest } = origin;
  const from = isFirst ? FIRST_REFRESH_FROM : REFRESH_AHEAD_FROM;
  const share = from + (REFRESH_AHEAD_TO - from) * random;
  const lifeMs = token.expiresAtMs - token.obtainedAtMs;
  return { ...token, ...rest, refreshAheadAtMs: Math.round(token.obtainedAtMs + lifeMs * share) };
}

function adopt(state: GrantState, event: AnsweredEvent, token: ReceivedToken): GrantStep {
  const tokenId = state.renewal === "derived" ? event.tokenId : (token.tokenId ?? event.tokenId);
  const cause = state.intent?.cause ?? state.current?.cause ?? "due";
  const isReplaced = cause === "rejected";
  const current = currentToken(
    { ...token, tokenId },
    {
      cause,
      parentId: event.tokenId,
      attempt: event.attempt,
      isFirst: state.current === undefined,
      random: event.random ?? 0.5,
      ...(isReplaced ? { refusals: (state.current?.refusals ?? 0) + 1 } : {}),
    },
  );
  // It is not known yet whether the API accepts the new token.
  const problem = isReplaced && isRefusalProblem(state.problem) ? state.problem : undefined;
  return {
    state: next(state, { status: "active", current, intent: undefined, problem }),
    effects: [
      { type: "store_tokens" },
      { type: "wake", atMs: problem ? current.obtainedAtMs + REFUSALS_OVER_MS : current.refreshAheadAtMs },
      { type: "notify", notice: "refreshed" },
    ],
  };
}

/** Whether tokens that were received are newer than what is held. */
function isNewer(state: GrantState, event: AnsweredEvent, token: ReceivedToken): boolean {
  const { current } = state;
  if (state.renewal === "derived")
    return !current || current.rejectedAtMs !== undefined || token.expiresAtMs > current.expiresAtMs;
  if (current?.tokenId === event.tokenId) return true;
  // Two requests with the same token can both be answered. HighLevel gives both the same successor. If it gives two, the later
  // request has the later successor.
  return (
    current !== undefined &&
    current.parentId === event.tokenId &&
    token.tokenId !== undefined &&
    token.tokenId !== current.tokenId &&
    event.attempt > (current.attempt ?? 0)
  );
}

/** The time of an answer, and a random number that spreads what follows from it. */
interface Moment {
  readonly nowMs: number;
  readonly random: number;
}

function wait(
  state: GrantState,
  intent: RenewalIntent,
  { atMs, ...change }: Partial<GrantState> & { readonly atMs: number },
): GrantStep {
  const { leaseUntilMs: _released, ...rest } = intent;
  const effects: GrantEffect[] = [{ type: "wake", atMs }];
  return { state: next(state, { ...change, intent: { ...rest, nextAttemptAtMs: atMs } }), effects };
}

/** Records that the request was certainly not carried out. If it was the first one, the grace begins with the next request. */
function notCarriedOut(intent: RenewalIntent): RenewalIntent {
  if (intent.firstSentAtMs !== intent.sentAtMs) return intent;
  const { firstSentAtMs: _none, ...rest } = intent;
  return rest;
}

function invalidGrant(state: GrantState, intent: RenewalIntent, { code, nowMs }: Moment & { code: string }): GrantStep {
  // A clock that was set back must not make the second answer look like an early one for ever.
  const firstAtMs = Math.min(intent.invalidGrantAtMs ?? nowMs, nowMs);
  const problem = { code, atMs: nowMs };
  if (nowMs - firstAtMs >= CONFIRM_MS)
    return {
      state: next(state, { status: "reauth_required", intent: undefined, problem }),
      effects: [{ type: "notify", notice: "reauth_required", code }],
    };
  return wait(state, { ...intent, invalidGrantAtMs: firstAtMs }, { problem, atMs: firstAtMs + CONFIRM_MS });
}

function suspended(state: GrantState, intent: RenewalIntent, answer: Moment & { code: string }): GrantStep {
  const { code, nowMs, random } = answer;
  const suspendedAnswers = intent.suspendedAnswers + 1;
  const waitMs = suspendedAnswers === 1 ? SUSPENDED_RETRY_MS : SUSPENDED_LATER_MS;
  const step = wait(
    state,
    { ...notCarriedOut(intent), suspendedAnswers },
    { status: "suspended", problem: { code, atMs: nowMs }, atMs: nowMs + waitMs * (1 + SPREAD * random) },
  );
  return suspendedAnswers === 1
    ? { ...step, effects: [...step.effects, { type: "notify", notice: "suspended", code }] }
    : step;
}

function notSent(
  state: GrantState,
  intent: RenewalIntent,
  { nowMs, retryAfterMs }: { readonly nowMs: number; readonly retryAfterMs: number | undefined },
): GrantStep {
  const fresh = notCarriedOut(intent);
  const untouched =
    fresh.firstSentAtMs === undefined && fresh.invalidGrantAtMs === undefined && fresh.suspendedAnswers === 0;
  if (untouched && retryAfterMs === undefined)
    return { state: next(state, { status: restingStatus(state), intent: undefined }), effects: [] };
  return wait(state, fresh, { atMs: nowMs + Math.min(retryAfterMs ?? 0, RATE_LIMIT_MAX_MS) });
}

function ambiguous(state: GrantState, intent: RenewalIntent, moment: Moment): GrantStep {
  const ambiguousAnswers = intent.ambiguousAnswers + 1;
  const firstSentAtMs = Math.min(intent.firstSentAtMs ?? intent.sentAtMs, moment.nowMs);
  const atMs = resendAtMs(firstSentAtMs, ambiguousAnswers, moment);
  return wait(state, { ...intent, ambiguousAnswers, firstSentAtMs }, { atMs });
}

/** An earlier request may have been carried out, and HighLevel would still answer it with the pair that it made. */
function isInGrace({ firstSentAtMs, ambiguousAnswers }: RenewalIntent, nowMs: number): boolean {
  return firstSentAtMs !== undefined && ambiguousAnswers > 0 && nowMs - firstSentAtMs < GRACE_MS;
}

type ConfigurationOutcome = Extract<RenewalOutcome, { kind: "configuration" }>;

function configuration(
  state: GrantState,
  intent: RenewalIntent,
  { code, configurationId = "", isCertain, nowMs, random }: ConfigurationOutcome & Moment,
): GrantStep {
  const { problem } = state;
  const isSame = problem?.configurationId === configurationId;
  // A single refusal may be a mistake, and a caller may be waiting, so it is confirmed soon. The refusal of a derived token is about
  // one location alone, so it counts at once.
  if (!isSame && !isCertain && !intent.isRefused && state.renewal === "refreshable")
    return wait(state, { ...notCarriedOut(intent), isRefused: true }, { atMs: nowMs + RESEND_OFFSETS_MS[0]! });
  const answers = isSame ? (problem.answers ?? 1) + 1 : 1;
  const waits = CONFIGURATION_RETRY_MS[state.renewal];
  const waitMs = waits[Math.min(answers, waits.length) - 1]!;
  const retryAtMs = Math.round(nowMs + waitMs * (1 + SPREAD * random));
  const effects: GrantEffect[] = [{ type: "wake", atMs: retryAtMs }];
  if (!isSame || problem.code !== code) effects.push({ type: "notify", notice: "configuration_error", code });
  return {
    state: next(state, {
      status: restingStatus(state),
      intent: undefined,
      problem: { code, atMs: nowMs, configurationId, retryAtMs, answers },
    }),
    effects,
  };
}

/** Applies the answer of a renewal request. An answer about another token than the current one changes nothing: the race is lost. */
export function answered(state: GrantState, event: AnsweredEvent, nowMs: number): GrantStep {
  const { outcome } = event;
  const moment = { nowMs, random: event.random ?? 0.5 };
  if (state.status === "uninstalled") return stay(state);
  if (outcome.kind === "token")
    return isNewer(state, event, outcome.token) ? adopt(state, event, outcome.token) : stay(state);
  const { intent } = state;
  if (sendableTokenId(state) !== event.tokenId || intent?.tokenId !== event.tokenId) return stay(state);
  // The race is also lost for the answer to an earlier request, and for an answer that is already recorded and released the lease.
  // A host reports an answer twice when its write was stored although it failed.
  if (intent.attempt !== event.attempt || intent.leaseUntilMs === undefined) return stay(state);
  switch (outcome.kind) {
    case "ambiguous":
      return ambiguous(state, intent, moment);
    case "rate_limited": {
      const waitMs = Math.min(outcome.retryAfterMs ?? RATE_LIMIT_WAIT_MS, RATE_LIMIT_MAX_MS);
      return wait(state, notCarriedOut(intent), { atMs: nowMs + waitMs });
    }
    case "not_sent":
      return notSent(state, intent, { nowMs, retryAfterMs: outcome.retryAfterMs });
    case "invalid_grant":
      return invalidGrant(state, intent, { code: outcome.code, ...moment });
    case "suspended":
      return isInGrace(intent, nowMs)
        ? ambiguous(state, intent, moment)
        : suspended(state, intent, { code: outcome.code, ...moment });
    case "configuration":
      return isInGrace(intent, nowMs)
        ? ambiguous(state, intent, moment)
        : configuration(state, intent, { ...outcome, ...moment });
  }
}
