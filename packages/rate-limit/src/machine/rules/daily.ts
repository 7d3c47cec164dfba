/**
 * The daily limit. HighLevel's own count (`X-RateLimit-Daily-Remaining`) is believed in both directions, and the limiter counts on between
 * answers. `X-RateLimit-Daily-Reset` says when the day ends; without it the day ends 24 hours after its first call.
 */
import {
  DAILY_PROBE_MS,
  DAY_MS,
  DAY_WARNING_SHARE,
  REPORT_EVERY_PERMITS,
  UNCHECKPOINTED_DAY_SHARE,
} from "../../constants.ts";
import type { Feedback } from "../../feedback.ts";

/** Use of a daily limit, as plain data. */
export interface DailyState {
  /** Calls per day: the configured number, or a smaller one from the headers. */
  readonly limit: number;
  /** Number of calls that count as made today. */
  readonly used: number;
  /** End of the day. `null`: there was no call yet. */
  readonly resetAtMs: number | null;
  /** Whether HighLevel named the time of the reset. */
  readonly resetKnown: boolean;
  /** Time from which a used-up day with an unknown end may be tried with one call. */
  readonly tryAgainAtMs: number | null;
  /** Number of calls that restarts added to `used` since HighLevel's last count. Nobody knows whether they were made. */
  readonly uncheckpointed: number;
  /** Number of the last permit whose answer was requested to bring HighLevel's count. */
  readonly requestedPermit?: number | undefined;
  /** Number of the permit whose answer brought HighLevel's count. That count includes all earlier permits. */
  readonly countedPermit?: number | undefined;
  /** Whether the host was warned that the day is nearly used up. */
  readonly warned: boolean;
}

/** Use of a daily limit at one moment. */
export interface DayUse {
  /** Calls per day. */
  readonly limit: number;
  /** Calls made today. */
  readonly used: number;
}

/** Returns a day without calls. */
export const newDay = (limit: number): DailyState => ({
  limit,
  used: 0,
  resetAtMs: null,
  resetKnown: false,
  tryAgainAtMs: null,
  uncheckpointed: 0,
  warned: false,
});

/** After a restart, counts the permits that may have been issued since the checkpoint as used. */
export function addUncheckpointed(daily: DailyState, permits: number): DailyState {
  return {
    ...daily,
    used: daily.used + permits,
    uncheckpointed: daily.uncheckpointed + permits,
    requestedPermit: undefined,
  };
}

/** Decides whether `used` is so uncertain that the answer to this permit must bring HighLevel's own count. */
export const isCountNeeded = ({ uncheckpointed, limit, requestedPermit }: DailyState, permit: number): boolean =>
  uncheckpointed > limit * UNCHECKPOINTED_DAY_SHARE &&
  (requestedPermit === undefined || permit >= requestedPermit + REPORT_EVERY_PERMITS);

/** Decides whether a count of HighLevel that replaces this uncertainty deserves a checkpoint. */
export const isCountUncertain = ({ uncheckpointed, limit }: DailyState): boolean =>
  uncheckpointed > (limit * UNCHECKPOINTED_DAY_SHARE) / 2;

/** Decides whether the day is nearly used up. */
export const isNearlyUsedUp = ({ used, limit }: DailyState): boolean => used >= limit * DAY_WARNING_SHARE;

/** Returns the same day, or the next one if its time has come. */
export function dailyAt(daily: DailyState, nowMs: number): DailyState {
  return daily.resetAtMs !== null && nowMs >= daily.resetAtMs ? newDay(daily.limit) : daily;
}

/** Returns the time in ms until a call of this class may start. 0: it may start now. */
export function dailyWaitMs(daily: DailyState, reserve: number, nowMs: number): number {
  const left = daily.limit - daily.used;
  // A small limit must not be all reserve, so that a fresh day serves every class.
  if (left > Math.min(Math.floor(daily.limit * reserve), daily.limit - 1)) return 0;
  const toResetMs = Math.max(1, (daily.resetAtMs ?? nowMs + DAY_MS) - nowMs);
  if (left > 0 || daily.tryAgainAtMs === null) return toResetMs;
  return Math.min(toResetMs, Math.max(0, daily.tryAgainAtMs - nowMs));
}

/** A permit that was just issued. */
interface Spent {
  readonly permit: number;
  /** Whether its answer was requested to bring HighLevel's count. */
  readonly bringsCount: boolean;
  readonly nowMs: number;
}

/** Counts a permit. */
export function spendDaily(daily: DailyState, { permit, bringsCount, nowMs }: Spent): DailyState {
  const used = daily.used + 1;
  return {
    ...daily,
    used,
    requestedPermit: bringsCount ? permit : daily.requestedPermit,
    resetAtMs: daily.resetAtMs ?? nowMs + DAY_MS,
    tryAgainAtMs: used >= daily.limit && !daily.resetKnown ? nowMs + DAILY_PROBE_MS : null,
  };
}

/** Takes back a permit that was not used, unless HighLevel's count has replaced ours since. */
export function refundDaily(daily: DailyState, permit: number): DailyState {
  if (permit < (daily.countedPermit ?? 0)) return daily;
  return { ...daily, used: Math.max(0, daily.used - 1), tryAgainAtMs: null };
}

/** The permit that an answer belongs to. */
interface Answered {
  readonly configuredLimit: number;
  readonly permit: number;
  /** Whether this activation issued it. */
  readonly isOfThisActivation: boolean;
  /** Number of permits issued after it, which the answer may not include. */
  readonly issuedSince: number;
  readonly nowMs: number;
}

/**
 * Takes over HighLevel's count. For a permit from before a restart, the number of later permits is not known, so such a count is taken
 * only if it is higher than ours.
 */
export function learnDaily(daily: DailyState, feedback: Feedback, answered: Answered): DailyState {
  const { dailyLimit, dailyRemaining, dailyResetMs } = feedback;
  const { configuredLimit, permit, isOfThisActivation, issuedSince, nowMs } = answered;
  const limit = dailyLimit === undefined || dailyLimit < 1 ? daily.limit : Math.min(configuredLimit, dailyLimit);
  const resetKnown = dailyResetMs !== undefined && dailyResetMs > 0;
  const counted =
    dailyRemaining === undefined ? undefined : Math.max(0, (dailyLimit ?? limit) - dailyRemaining) + issuedSince;
  const isBetter = counted !== undefined && (isOfThisActivation || counted > daily.used);
  const used = isBetter ? counted : daily.used;
  // HighLevel sends no count here, so requesting it with each permit would bring nothing.
  const hasNoCount = dailyRemaining === undefined && permit === daily.requestedPermit;
  const next: DailyState = {
    limit,
    used,
    resetAtMs: resetKnown ? nowMs + Math.min(dailyResetMs, DAY_MS) : daily.resetAtMs,
    resetKnown: resetKnown || daily.resetKnown,
    tryAgainAtMs: daily.tryAgainAtMs,
    uncheckpointed: isBetter || hasNoCount ? 0 : daily.uncheckpointed,
    countedPermit: isBetter ? permit : daily.countedPermit,
    // The count of one day does not fall by half, so another day has begun.
    warned: daily.warned && used >= (limit * DAY_WARNING_SHARE) / 2,
  };
  if (next.used < limit || next.resetKnown) return { ...next, tryAgainAtMs: null };
  return { ...next, tryAgainAtMs: daily.tryAgainAtMs ?? nowMs + DAILY_PROBE_MS };
}
