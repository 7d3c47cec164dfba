/**
 * The budget of the day. HighLevel's own count (`X-RateLimit-Daily-Remaining`) is believed in both directions; between
 * answers the limiter counts on. When the day ends is known from `X-RateLimit-Daily-Reset`, else taken to be 24 hours after the
 * first call.
 */
import {
  COUNT_AGAIN_PERMITS,
  DAILY_PROBE_MS,
  DAY_MS,
  DAY_WARNING_SHARE,
  UNCHECKPOINTED_DAY_SHARE,
} from "../constants.ts";
import type { Feedback } from "../feedback.ts";

export interface DailyState {
  /** Calls per day: the configured number, or the smaller one of the headers. */
  readonly limit: number;
  readonly used: number;
  /** `null`: no call yet. */
  readonly resetAtMs: number | null;
  /** Whether HighLevel named the time of the reset. */
  readonly resetKnown: boolean;
  /** A used-up day whose end is not known may be tried with one call from then on. */
  readonly tryAgainAtMs: number | null;
  /** Calls that restarts have put upon `used` since HighLevel's count was asked for: granted or not, nobody knows. */
  readonly uncheckpointed?: number | undefined;
  /** Permit whose answer was last to bring HighLevel's count. */
  readonly askedPermit?: number | undefined;
  /** Permit whose answer brought HighLevel's count; what became of older ones is in it. */
  readonly countedPermit?: number | undefined;
  /** Whether somebody was told that the day is nearly spent. */
  readonly warned?: boolean | undefined;
}

/** How much of a day's budget is used. */
export interface DayUse {
  readonly limit: number;
  readonly used: number;
}

export const newDay = (limit: number): DailyState => ({
  limit,
  used: 0,
  resetAtMs: null,
  resetKnown: false,
  tryAgainAtMs: null,
  uncheckpointed: 0,
  warned: false,
});

/** After a restart: what may have been granted since the checkpoint counts as used. */
export function addUncheckpointed(daily: DailyState, permits: number): DailyState {
  return {
    ...daily,
    used: daily.used + permits,
    uncheckpointed: (daily.uncheckpointed ?? 0) + permits,
    askedPermit: undefined,
  };
}

/** Whether so much of `used` is assumed that the answer of this permit is to bring HighLevel's own count. */
export const isCountWanted = ({ uncheckpointed = 0, limit, askedPermit }: DailyState, permit: number): boolean =>
  uncheckpointed > limit * UNCHECKPOINTED_DAY_SHARE &&
  (askedPermit === undefined || permit >= askedPermit + COUNT_AGAIN_PERMITS);

/** Whether HighLevel's count, now that it is there, is worth a checkpoint. */
export const isCountUncertain = ({ uncheckpointed = 0, limit }: DailyState): boolean =>
  uncheckpointed > (limit * UNCHECKPOINTED_DAY_SHARE) / 2;

export const isNearlySpent = ({ used, limit }: DailyState): boolean => used >= limit * DAY_WARNING_SHARE;

/** The same day, or the next one when its time has come. */
export function dailyAt(daily: DailyState, nowMs: number): DailyState {
  return daily.resetAtMs !== null && nowMs >= daily.resetAtMs ? newDay(daily.limit) : daily;
}

/** 0 when a call of this class may start; else the time until one may. */
export function dailyWaitMs(daily: DailyState, reserve: number, nowMs: number): number {
  const left = daily.limit - daily.used;
  // a small budget must not be all reserve: the reserve is cut so that a fresh day serves every class
  if (left > Math.min(Math.floor(daily.limit * reserve), daily.limit - 1)) return 0;
  const toResetMs = Math.max(1, (daily.resetAtMs ?? nowMs + DAY_MS) - nowMs);
  if (left > 0 || daily.tryAgainAtMs === null) return toResetMs;
  return Math.min(toResetMs, Math.max(0, daily.tryAgainAtMs - nowMs));
}

/** A permit was granted; `asked`: its answer is to bring HighLevel's count. */
export function dailySpend(daily: DailyState, permit: number, asked: boolean, nowMs: number): DailyState {
  const used = daily.used + 1;
  return {
    ...daily,
    used,
    askedPermit: asked ? permit : daily.askedPermit,
    resetAtMs: daily.resetAtMs ?? nowMs + DAY_MS,
    tryAgainAtMs: used >= daily.limit && !daily.resetKnown ? nowMs + DAILY_PROBE_MS : null,
  };
}

/** A permit was not used. HighLevel's own count has none of it. */
export function dailyRefund(daily: DailyState, permit: number): DailyState {
  if (permit < (daily.countedPermit ?? 0)) return daily;
  return { ...daily, used: Math.max(0, daily.used - 1), tryAgainAtMs: null };
}

/**
 * Takes over HighLevel's count; `grantedSince`: permits granted after this one, which it may not contain. Those of before a restart
 * are not known: such a count is only taken where it is more than ours.
 */
export function dailyFeedback(
  daily: DailyState,
  feedback: Feedback,
  context: {
    configuredLimit: number;
    permit: number;
    isOfThisActivation: boolean;
    grantedSince: number;
    nowMs: number;
  },
): DailyState {
  const { dailyLimit, dailyRemaining, dailyResetMs } = feedback;
  const { configuredLimit, permit, isOfThisActivation, grantedSince, nowMs } = context;
  const limit = dailyLimit === undefined || dailyLimit < 1 ? daily.limit : Math.min(configuredLimit, dailyLimit);
  const resetKnown = dailyResetMs !== undefined && dailyResetMs > 0;
  const counted =
    dailyRemaining === undefined ? undefined : Math.max(0, (dailyLimit ?? limit) - dailyRemaining) + grantedSince;
  const isBetter = counted !== undefined && (isOfThisActivation || counted > daily.used);
  const used = isBetter ? counted : daily.used;
  // HighLevel does not tell: to ask with each permit would bring no more
  const isSilent = dailyRemaining === undefined && permit === daily.askedPermit;
  const next: DailyState = {
    limit,
    used,
    resetAtMs: resetKnown ? nowMs + Math.min(dailyResetMs, DAY_MS) : daily.resetAtMs,
    resetKnown: resetKnown || daily.resetKnown,
    tryAgainAtMs: daily.tryAgainAtMs,
    uncheckpointed: isBetter || isSilent ? 0 : daily.uncheckpointed,
    countedPermit: isBetter ? permit : daily.countedPermit,
    // the count of a day does not fall by half: another day has begun
    warned: daily.warned && used >= (limit * DAY_WARNING_SHARE) / 2,
  };
  if (next.used < limit || next.resetKnown) return { ...next, tryAgainAtMs: null };
  return { ...next, tryAgainAtMs: daily.tryAgainAtMs ?? nowMs + DAILY_PROBE_MS };
}
