import { retryAfterValue } from "@ghl-edge/core";
import type { EmulatedRateLimit } from "./rate-limit.ts";
import { type RateWindow, WINDOW_MODELS } from "./windows.ts";

const DAY_MS = 86_400_000;

export interface RateVerdict {
  readonly allowed: boolean;
  /** HighLevel's five documented headers, and the sixth that its answers carry (recorded 2026-08). */
  readonly headers: Readonly<Record<string, string>>;
}

/** The requests of one app for one location or company. */
export interface Budget {
  /** Counts a request, if it is let in. */
  count(nowMs: number): RateVerdict;
  /** Requests of somebody else, as many as are let in. Answers how many were. */
  spend(nowMs: number, requests: number): number;
}

/** Intervals back from which requests of the other user are caught up: older ones are in no window any more. */
const CATCH_UP_INTERVALS = 2;

export function createBudget(limit: EmulatedRateLimit): Budget {
  const { max, intervalMs, daily, phaseMs = 0, dayStartMs = 0, externalShare = 0 } = limit;
  const window: RateWindow = WINDOW_MODELS[limit.window ?? "fixed"]({ max, intervalMs, phaseMs });
  const externalStepMs = externalShare > 0 ? intervalMs / (max * externalShare) : Infinity;
  let externalAtMs: number | undefined;
  let day = Number.NaN;
  let dayCount = 0;

  const enterDay = (nowMs: number): void => {
    const today = Math.floor((nowMs - dayStartMs) / DAY_MS);
    if (today !== day) [day, dayCount] = [today, 0];
  };
  const take = (nowMs: number): boolean => {
    enterDay(nowMs);
    if (dayCount >= daily || !window.take(nowMs)) return false;
    dayCount += 1;
    return true;
  };
  const playExternal = (nowMs: number): void => {
    if (externalShare === 0) return;
    externalAtMs ??= nowMs;
    externalAtMs = Math.max(externalAtMs, nowMs - CATCH_UP_INTERVALS * intervalMs);
    for (; externalAtMs <= nowMs; externalAtMs += externalStepMs) take(externalAtMs);
  };
  const headers = (nowMs: number, allowed: boolean): Record<string, string> => {
    const dailyResetMs = (day + 1) * DAY_MS + dayStartMs - nowMs;
    const waitMs = dayCount >= daily ? dailyResetMs : window.nextMs(nowMs) - nowMs;
    return {
      ...(limit.headers === false
        ? {}
        : {
            "X-RateLimit-Limit-Daily": String(daily),
            "X-RateLimit-Daily-Remaining": String(daily - dayCount),
            "X-RateLimit-Interval-Milliseconds": String(intervalMs),
            "X-RateLimit-Max": String(max),
            "X-RateLimit-Remaining": String(window.remaining(nowMs)),
            // Milliseconds that remain of the day, as HighLevel's own SDK 3.1.0 reads it
            "X-RateLimit-Daily-Reset": String(dailyResetMs),
          }),
      ...(limit.retryAfter && !allowed ? { "Retry-After": retryAfterValue(waitMs) } : {}),
    };
  };
  return {
    count: (nowMs) => {
      playExternal(nowMs);
      const allowed = take(nowMs);
      return { allowed, headers: headers(nowMs, allowed) };
    },
    spend: (nowMs, requests) => {
      let spent = 0;
      while (spent < requests && take(nowMs)) spent += 1;
      return spent;
    },
  };
}
