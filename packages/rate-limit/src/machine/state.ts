import type { Feedback } from "../feedback.ts";
import type { RateLimits } from "../presets.ts";
import type { Priority } from "../priority.ts";
import type { DailyState, DayUse } from "./daily.ts";
import type { WaitingCalls } from "./waiting.ts";

/** What does not change while a limiter runs. */
export interface SlotLimiterConfig extends RateLimits {
  /** Share (0 to 1) of the day's budget that a class leaves to the more urgent ones. */
  readonly reserves: Readonly<Record<Priority, number>>;
  /**
   * A permit without `settle` event frees its slot at start + interval + this. `UNSETTLED_PAD_MS` for a host that reports
   * exceptions only (see `needsReport`), `LOST_PERMIT_PAD_MS` for one that reports every answer.
   */
  readonly unsettledPadMs: number;
  /** Grants are made this long ahead, with a `startAtMs` in the future for which the caller sleeps. 0: only for now. */
  readonly lookaheadMs: number;
  /** So long after its grant a spare permit may still be used. Left out or 0: there are none. */
  readonly prefetchMs?: number | undefined;
  /**
   * The host is put away, and the limiter with it, no sooner than this long after the last event, and mostly then. Short lives then
   * write no checkpoint. Left out: each life does with its first permit.
   */
  readonly evictedAfterMs?: number | undefined;
  /** Most calls that wait at a time; one more is refused. */
  readonly maxQueue: number;
}

/** One slot in use: from its start until one interval after HighLevel can last have counted the call. */
export interface InFlightSlot {
  /** Number of the permit; 0 for a call of before a restart. */
  readonly permit: number;
  readonly startMs: number;
  /** When the call starts at the latest: after `startMs` for a spare permit that has not been heard of. */
  readonly latestStartMs: number;
  readonly freeAtMs: number;
  readonly settled: boolean;
  /** Calls of ours that HighLevel may have counted when this one started, itself included. */
  readonly inFlightAtStart: number;
  /** Refused with 429, so not counted by HighLevel. */
  readonly refused: boolean;
}

/** After a restart: one call is let through, and its answer says how many more. */
export interface Probe {
  /** Permit of that call; 0 while it has not been granted. */
  readonly permit: number;
}

/** The whole limiter: plain data, fit for JSON. */
export interface SlotLimiterState {
  readonly config: SlotLimiterConfig;
  /** Time of the last event. */
  readonly nowMs: number;
  /** Number of the last permit granted. */
  readonly lastPermit: number;
  /** That number when this life began: 0, or where a restart left it. */
  readonly firstPermit: number;
  /** Permits that this life may grant before its first checkpoint is due. */
  readonly uncheckpointedPermits: number;
  /** Permits that earlier lives may have granted after the last one that is recorded. */
  readonly uncheckpointed: number;
  /** Sorted by `freeAtMs`. */
  readonly inFlight: readonly InFlightSlot[];
  /** Calls per interval: the configured number, or the smaller one of the headers. */
  readonly limit: number;
  /** The configured length, or the longer one of the headers. */
  readonly intervalMs: number;
  /** Estimate of what others spend of the limit per interval. */
  readonly externalUsage: number;
  /** Largest sample of `foreign` since `roundStartMs`; `null`: no sample. */
  readonly highestExternalUsage: number | null;
  /** Most calls at once. At the full limit it has no effect; after a refusal it spreads the calls over the interval. */
  readonly burst: number;
  /** Calls that may start at once now: refilled at limit per interval, never above `burst`. */
  readonly burstTokens: number;
  /** Time of the last cut of `burst`: refusals of calls granted before it are its own echo. */
  readonly cutAtMs: number | null;
  /** Start of the running interval of recovery. */
  readonly roundStartMs: number;
  /** Nothing starts before: an answer carried `Retry-After`. */
  readonly blockedUntilMs: number;
  readonly probe: Probe | null;
  readonly daily: DailyState | null;
  readonly waiting: WaitingCalls;
}

/** What happens to a limiter. */
export type SlotLimiterEvent =
  /** A call wants to be sent. `call` is the host's name for it, unique among the waiting ones. */
  | {
      readonly type: "request";
      readonly call: number;
      /** Fairness: keys of one class take turns. */
      readonly key: string;
      readonly priority: Priority;
      /** `null`: waits as long as it takes. */
      readonly maxWaitMs: number | null;
      /** It had its turn and HighLevel refused it: it goes before those of its key and class that have had none. */
      readonly retry?: boolean | undefined;
      /** As many more permits its host would take for calls that may follow within `spareMs`. */
      readonly prefetch?: number | undefined;
    }
  /** A waiting call was given up by its caller. */
  | { readonly type: "cancel"; readonly call: number }
  /** The answer of a permit is there, or will never come (no `feedback`). */
  | { readonly type: "settle"; readonly permit: number; readonly feedback?: Feedback | undefined }
  /** A permit was not used: nothing was sent. */
  | { readonly type: "return"; readonly permit: number }
  /** Time went on. */
  | { readonly type: "tick" };

/** Leave for one call. */
export interface IssuedPermit {
  /** Counts up from 1. */
  readonly number: number;
  /** When the call starts, later than now only with `lookaheadMs`; for a spare permit when it starts at the latest. */
  readonly startAtMs: number;
  /** Its answer must be reported, also where exceptions only are. */
  readonly report: boolean;
  /** Calls that the limiter expects HighLevel to have counted at most, this one included. */
  readonly expectedUsed: number;
}

/** A call may be sent, at `startAtMs`. */
export interface CallPermit extends IssuedPermit {
  readonly call: number;
  /**
   * For calls that may follow: each may start at any time until its `startAtMs`, none after. One that is not used is told as `unused`,
   * or its slot is free an interval later. Never more than were asked for, mostly none.
   */
  readonly prefetched: readonly IssuedPermit[];
}

/** Why a call is not sent. */
export type RefusalReason = "deadline" | "queue_full" | "daily";

/** A call will not be sent. Asked again after `retryAfterMs` it gets a permit, unless others came first. */
export interface Refusal {
  readonly call: number;
  readonly reason: RefusalReason;
  readonly retryAfterMs: number;
}

/** What follows from an event. */
export interface Decision {
  readonly permits: readonly CallPermit[];
  readonly refusals: readonly Refusal[];
  /** The host sends a `tick` then, unless another event comes first; `null`: nothing waits. */
  readonly wakeAtMs: number | null;
  /** The day has just become nearly spent; `null` but once a day. A checkpoint is due with it, so that a restart does not say it again. */
  readonly dayWarning: DayUse | null;
}
