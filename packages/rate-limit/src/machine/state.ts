import type { Feedback } from "../feedback.ts";
import type { RateLimits } from "../presets.ts";
import type { Priority } from "../priority.ts";
import type { DailyState, DayUse } from "./rules/daily.ts";
import type { WaitingCalls } from "./rules/waiting.ts";

/** Settings of one budget. They do not change while it runs. */
export interface SlotLimiterConfig extends RateLimits {
  /** Share (0 to 1) of the daily limit that each class leaves to the more urgent ones. */
  readonly reserves: Readonly<Record<Priority, number>>;
  /**
   * Time in ms after start + interval at which a permit without a `settle` event frees its slot. Use `UNSETTLED_PAD_MS` in a host that
   * reports exceptions only (see `needsReport`), and `LOST_PERMIT_PAD_MS` in one that reports every answer.
   */
  readonly unsettledPadMs: number;
  /** Time in ms after its issue within which a prefetched permit may be used. Default: 0, and none is issued. */
  readonly prefetchMs?: number | undefined;
  /**
   * Idle time in ms before which the platform never evicts the host from memory; a Durable Object has 10,000. Short activations then
   * write no checkpoint. Default: not known, and each activation makes a checkpoint due with its first permit.
   */
  readonly evictedAfterMs?: number | undefined;
  /** Number of calls that may wait at a time. One more is refused. */
  readonly maxQueue: number;
}

/** One slot in use: from its start until one interval after the last moment at which HighLevel can have counted the call. */
export interface InFlightSlot {
  /** Number of the permit. 0 for a call from before a restart. */
  readonly permit: number;
  readonly startMs: number;
  /** Latest start of the call. It is later than `startMs` for a prefetched permit without a report. */
  readonly latestStartMs: number;
  readonly freeAtMs: number;
  /** Whether the answer was reported. */
  readonly settled: boolean;
  /** Number of our calls, this one included, that HighLevel may have counted when this one started. */
  readonly inFlightAtStart: number;
  /** Whether HighLevel refused the call with 429, and so did not count it. */
  readonly refused: boolean;
}

/** After a restart one call goes out alone, and its answer says how many more may follow. */
export interface Probe {
  /** Number of that call's permit. 0 until it is issued. */
  readonly permit: number;
}

/** The whole limiter as plain data that survives JSON. */
export interface SlotLimiterState {
  readonly config: SlotLimiterConfig;
  /** Time of the last event. */
  readonly nowMs: number;
  /** Number of the last permit that was issued. */
  readonly lastPermit: number;
  /** Value of `lastPermit` at the beginning of this activation: 0, or what a restart set. */
  readonly firstPermit: number;
  /** Number of permits that this activation may issue before its first checkpoint is due. */
  readonly uncheckpointedPermits: number;
  /** Number of permits that earlier activations may have issued after the last checkpoint. */
  readonly uncheckpointed: number;
  /** Sorted by `freeAtMs`. */
  readonly inFlight: readonly InFlightSlot[];
  /** Calls per interval: the configured number, or a smaller one from the headers. */
  readonly limit: number;
  /** The configured length, or a longer one from the headers. */
  readonly intervalMs: number;
  /** Estimated calls per interval of other clients of the same budget. */
  readonly externalUsage: number;
  /** Highest observation of external usage since `roundStartMs`. `null`: there was none. */
  readonly highestExternalUsage: number | null;
  /** Number of calls that may start at once. At the full limit it has no effect; after a refusal it spreads the calls. */
  readonly burst: number;
  /** Number of calls that may start now. It refills at limit per interval and never exceeds `burst`. */
  readonly burstTokens: number;
  /** Time of the last cut of `burst`. Refusals of calls from before it are echoes of the same overrun. */
  readonly cutAtMs: number | null;
  /** Start of the current interval of recovery. */
  readonly roundStartMs: number;
  /** No call starts before this time. An answer carried `Retry-After`. */
  readonly blockedUntilMs: number;
  readonly probe: Probe | null;
  readonly daily: DailyState | null;
  readonly waiting: WaitingCalls;
}

/** Something that happens to a limiter. */
export type SlotLimiterEvent =
  /** A call requests a permit. `call` is the host's own number for it, unique among the waiting calls. */
  | {
      readonly type: "request";
      readonly call: number;
      /** Callers with different keys alternate within a class: a tenant, an API key, a job. */
      readonly key: string;
      readonly priority: Priority;
      /** Longest wait in ms. `null`: as long as the burst limit takes. */
      readonly maxWaitMs: number | null;
      /** HighLevel refused this call before. It goes before first attempts of its key and class. Default: false. */
      readonly retry?: boolean | undefined;
      /** Highest number of prefetched permits, for calls that start within `prefetchMs` of the configuration. Default: 0. */
      readonly prefetch?: number | undefined;
    }
  /** A waiting call was cancelled by its caller. */
  | { readonly type: "cancel"; readonly call: number }
  /** The answer to a permit's call has come, or will never come (no `feedback`). */
  | { readonly type: "settle"; readonly permit: number; readonly feedback?: Feedback | undefined }
  /** A permit comes back unused: nothing was sent. */
  | { readonly type: "return"; readonly permit: number }
  /** Time has passed. */
  | { readonly type: "tick" };

/** Permission to send one call. */
export interface IssuedPermit {
  /** Counts up from 1. No two permits of a budget share a number, also over restarts. */
  readonly number: number;
  /** Start of the call, which `needsReport` measures the round-trip from. For a prefetched permit it is the latest start. */
  readonly startAtMs: number;
  /** Whether the answer must be reported, also by a host that reports exceptions only. */
  readonly report: boolean;
  /** Highest number of calls, this one included, that the limiter expects HighLevel to have counted. */
  readonly expectedUsed: number;
}

/** Permission for one waiting call, to be sent now. */
export interface CallPermit extends IssuedPermit {
  /** The host's number for the call, from its `request` event. */
  readonly call: number;
  /**
   * Permits for calls that may follow. Each may start until its `startAtMs` and not later. Return one that is not used, or its slot stays
   * taken for an interval. There are never more than requested, and usually none.
   */
  readonly prefetched: readonly IssuedPermit[];
}

/** Reason why a call gets no permit. */
export type RefusalReason = "deadline" | "queue_full" | "daily";

/** A call gets no permit. A new request after `retryAfterMs` gets one, unless other calls came first. */
export interface Refusal {
  readonly call: number;
  readonly reason: RefusalReason;
  readonly retryAfterMs: number;
}

/** Consequences of one event, for the host to carry out. */
export interface Decision {
  readonly permits: readonly CallPermit[];
  readonly refusals: readonly Refusal[];
  /** Time of the host's next `tick`, unless another event comes first. `null`: no call waits. */
  readonly wakeAtMs: number | null;
  /** Set once a day, when the day is nearly used up. A checkpoint is due with it, so that a restart does not repeat it. */
  readonly dayWarning: DayUse | null;
}
