/** Documented and tuned values of the limiter, each with its reason. docs/design/rate-limit.md says how the tuned ones were found. */
import type { Priority } from "./priority.ts";

/**
 * Pad in ms for a host that reports exceptions only: a permit without a report frees its slot at start + interval + this time. A call
 * usually reaches HighLevel's counter sooner. An answer that takes longer must be reported (see `needsReport`).
 */
export const UNSETTLED_PAD_MS = 500;

/** Pad in ms for a host that reports every answer. A permit without a report (its caller died) blocks its slot for this long. */
export const LOST_PERMIT_PAD_MS = 60_000;

/** Under saturation each class gets at least this share of the permits: 8, 3 and 1 of 12. */
export const CLASS_QUANTUM: Readonly<Record<Priority, number>> = { interactive: 8, normal: 3, bulk: 1 };

/** Share of the daily limit that a class leaves untouched for the more urgent ones. */
export const DEFAULT_RESERVES: Readonly<Record<Priority, number>> = { interactive: 0, normal: 0.05, bulk: 0.2 };

/** Default number of waiting calls per resource. 100 calls per 10 s serve them in about a quarter of an hour. */
export const DEFAULT_MAX_QUEUE = 10_000;

/** The burst never shrinks below this share of the limit. At this share the calls leave evenly spread over the interval. */
export const MIN_BURST_SHARE = 0.02;

/**
 * Divisor of the burst after an unexpected 429. Repeated halving is refused each time on the way down. In the first six minutes of a
 * two-cell window, halving reached 91.8 % of the limit in the worst of eight runs, and this value 94.2 %.
 */
export const BURST_CUT = 8;

/** Share of the limit that the burst regains per interval without a refusal. A faster recovery is refused more in two-cell windows. */
export const BURST_RECOVERY_SHARE = 0.02;

/** Share of the way that the estimate of external usage moves toward a higher observation. A value of 1 would follow each random peak. */
export const EXTERNAL_USAGE_RISE = 0.2;

/** Excess up to this share of the limit is noise: slots in flight that no longer count, and approximate windows. */
export const EXTERNAL_USAGE_TOLERANCE_SHARE = 0.03;

/** Share of the external usage estimate that fades per interval without an observation. */
export const EXTERNAL_USAGE_DECAY = 0.25;

/**
 * One permit in this many asks for a report while external usage is suspected. The same distance separates two requests for HighLevel's
 * daily count, in case the first answer is lost. It matters to hosts that report exceptions only.
 */
export const REPORT_EVERY_PERMITS = 20;

/** One permit in this many always asks for a report, so that the daily count follows HighLevel's. */
export const DAILY_REPORT_EVERY_PERMITS = 100;

/**
 * Longest pause in ms that a call without a deadline waits out. HighLevel's burst limit ends after 10 s, so a longer pause means the
 * daily limit, and a caller that set no deadline must not hang for hours.
 */
export const MAX_PAUSE_MS = 60_000;

/** Longest `Retry-After` that is believed, in ms. A longer one is treated as a mistake. */
export const MAX_RETRY_AFTER_MS: number = 24 * 3_600_000;

/**
 * Longest burst interval that is believed from a header, in ms. HighLevel's is 10 s, so a longer one is about another limit or a mistake.
 * It would close the budget for that time, because without calls no answer corrects it.
 */
export const MAX_INTERVAL_MS = 60_000;

/** One day in ms. */
export const DAY_MS: number = 24 * 3_600_000;

/**
 * Time in ms after which a used-up day is tried with one call. It is needed because the hour of the daily reset is unpublished and
 * `X-RateLimit-Daily-Reset` comes only sometimes.
 * https://marketplace.gohighlevel.com/docs/oauth/Authorization (rate limits), read 2026-08-30
 */
export const DAILY_PROBE_MS: number = 15 * 60_000;

/** A checkpoint is due after this share of the limit. A restart assumes that all of it was used, and must leave room for calls. */
export const CHECKPOINT_SHARE = 0.25;

/**
 * A checkpoint is due with the first permit after this time in ms. When a checkpoint is older than this and than anything that can
 * still count, a restart opens the whole limit.
 */
export const CHECKPOINT_EVERY_MS: number = 10 * 60_000;

/** A budget is calm while at most this share of it is in use. Only a calm budget issues prefetched or uncheckpointed permits. */
export const CALM_SHARE = 0.5;

/** Share of the limit that one activation may issue before its first checkpoint, where the host is evicted when it is idle. */
export const UNCHECKPOINTED_SHARE = 0.04;

/** Number of such activations that a restart expects in one interval. One follows another only after a crash or `evictedAfterMs`. */
export const UNCHECKPOINTED_ACTIVATIONS = 4;

/**
 * Time in ms after which an activation writes a checkpoint with its first permit. The permits that all activations may have issued by then
 * must stay below `UNCHECKPOINTED_DAY_SHARE`. Four permits of each 10 s activation in an hour are 0.7 % of 200,000.
 */
export const UNCHECKPOINTED_MS: number = 3_600_000;

/** HighLevel's daily count is requested when restarts have added more than this share of the daily limit to ours. */
export const UNCHECKPOINTED_DAY_SHARE = 0.01;

/** A day counts as nearly used up from this share of its limit on. */
export const DAY_WARNING_SHARE = 0.8;

/** Default time in ms after which the in-process limiter forgets an unused budget. The daily count comes back with the headers. */
export const DEFAULT_IDLE_MS: number = 15 * 60_000;
