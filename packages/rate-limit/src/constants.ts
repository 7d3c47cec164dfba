/** Facts and tuning of the limiter, each with its reason. How the tuned ones were found: docs/design/rate-limit.md. */
import type { Priority } from "./priority.ts";

/**
 * A permit whose answer is not reported expires this long after start + interval: more than the usual time from the
 * start of a call to the moment HighLevel counts it. A slower answer has to be reported.
 */
export const UNSETTLED_PAD_MS = 500;

/** A host that reports every answer lets a permit without report (its caller died) block a slot for this long. */
export const LOST_PERMIT_PAD_MS = 60_000;

/** Of a saturated limiter each class gets at least this share of the grants: 8, 3 and 1 of 12. */
export const CLASS_QUANTUM: Readonly<Record<Priority, number>> = { interactive: 8, normal: 3, bulk: 1 };

/** Share of the day's budget that a class leaves untouched for the more urgent ones. */
export const DEFAULT_RESERVES: Readonly<Record<Priority, number>> = { interactive: 0, normal: 0.05, bulk: 0.2 };

/** Waiting calls per resource unless the host says otherwise: what 100 per 10 s serves in about a quarter of an hour. */
export const DEFAULT_MAX_QUEUE = 10_000;

/** The burst never shrinks below this share of the limit: then the calls leave evenly spread over the interval. */
export const MIN_BURST_SHARE = 0.02;

/**
 * A surprise 429 leaves one part in so many of the burst. Halving it again and again is refused each time on the way down: in the first
 * six minutes of a two-cell window it reached 91.8 % of the limit in the worst of eight runs, this 94.2 %.
 */
export const BURST_CUT = 8;

/** What the burst regains after each interval without a refusal, as share of the limit. Faster: more refusals in two-cell windows. */
export const BURST_RECOVERY_SHARE = 0.02;

/** How much of the way to a larger sample the estimate of foreign calls goes. At once (1) would follow the peaks of a random one. */
export const EXTERNAL_USAGE_RISE = 0.2;

/** Excess up to this share of the limit is noise: calls that are still held but no longer counted, and approximate windows. */
export const EXTERNAL_USAGE_TOLERANCE_SHARE = 0.03;

/** How much of the estimate of foreign calls fades in an interval without any sample. */
export const EXTERNAL_USAGE_DECAY = 0.25;

/** One in so many permits asks for a report while foreign calls are suspected, for hosts that report exceptions only. */
export const REPORT_EVERY_PERMITS = 20;

/**
 * Longest pause that a call without deadline waits out. HighLevel's burst limit is over after 10 s: whoever asks for more means the
 * day, and a caller that set no deadline must not hang for hours.
 */
export const MAX_PAUSE_MS = 60_000;

/** Longest `Retry-After` believed; a longer one is taken for a mistake. */
export const MAX_RETRY_AFTER_MS: number = 24 * 3_600_000;

/**
 * Longest burst interval that a header is believed for. HighLevel's is 10 s: a longer one is about another limit or a mistake, and would
 * close a budget for as long as it says, because without calls no answer corrects it.
 */
export const MAX_INTERVAL_MS = 60_000;

export const DAY_MS: number = 24 * 3_600_000;

/**
 * The hour of the daily reset is unpublished, and `X-RateLimit-Daily-Reset` comes only sometimes: without it a used-up
 * day is tried again with one call in this time.
 * https://marketplace.gohighlevel.com/docs/oauth/Authorization (rate limits), read 2026-08-30
 */
export const DAILY_PROBE_MS: number = 15 * 60_000;

/** The host writes a checkpoint after at most this many permits … */
export const CHECKPOINT_EVERY_PERMITS = 50;
/** … and never more than this share of the limit: what is unknown after a restart must leave room for calls. */
export const CHECKPOINT_SHARE = 0.5;
/** The first ones of a life come sooner: a life that ends early, because nobody called, leaves less unknown. */
export const FIRST_CHECKPOINT_SHARE = 0.25;
/** … or with the first permit after this time: a checkpoint that is older than it, and than what can count, opens the whole limit. */
export const CHECKPOINT_EVERY_MS: number = 10 * 60_000;

/** More calls than this under way make a checkpoint forget them, and the next life begin with a probe. Keeps it below a kilobyte. */
export const MAX_CHECKPOINT_SLOTS = 100;

/** A budget is hardly used while no more than this share of it is taken; then only permits are given that nobody may need, or unrecorded. */
export const CALM_SHARE = 0.5;

/** A life may grant this share of the limit before its first checkpoint, where the host is put away as soon as nobody calls … */
export const UNCHECKPOINTED_SHARE = 0.04;
/** … and so many such lives are reckoned with in an interval: one follows another only by a crash, or after `evictedAfterMs`. */
export const UNCHECKPOINTED_ACTIVATIONS = 4;
/**
 * With the first permit after this time a life writes one all the same. What all of them may have granted must stay below `ASSUMED_SHARE`
 * of the day: 4 of each in an hour of lives of 10 s are 0.7 % of 200,000.
 */
export const UNCHECKPOINTED_MS: number = 3_600_000;

/** HighLevel's own count of the day is asked for once restarts have put this share of the limit upon ours … */
export const UNCHECKPOINTED_DAY_SHARE = 0.01;
/** … and again after so many permits, should that answer have been lost. */
export const COUNT_AGAIN_PERMITS = 20;

/** A day is nearly spent from this share of its limit on. */
export const DAY_WARNING_SHARE = 0.8;

/** A budget nobody used for so long is forgotten by the in-process limiter. The day's count comes back with the headers. */
export const DEFAULT_IDLE_MS: number = 15 * 60_000;
