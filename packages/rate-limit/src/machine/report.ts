import { EXTERNAL_USAGE_TOLERANCE_SHARE, UNSETTLED_PAD_MS } from "../constants.ts";
import type { Feedback } from "../feedback.ts";
import type { IssuedPermit } from "./state.ts";

/** One call after its answer, as its sender sees it. */
export interface Outcome {
  /** Permit of the call. A sender with several calls in flight may use the highest `expectedUsed` among them. */
  readonly permit: Pick<IssuedPermit, "report" | "expectedUsed">;
  /** `undefined`: no answer came. */
  readonly feedback: Feedback | undefined;
  /** Time in ms from the permit's `startAtMs` to the head of the answer. The slot is taken from then on, however late the call left. */
  readonly rttMs: number;
  /** Configured calls per interval. */
  readonly intervalLimit: number;
}

/**
 * Decides whether a host that reports exceptions only (`unsettledPadMs: UNSETTLED_PAD_MS`) must report an answer. It must when the limiter
 * requested it, when the answer was late or a 429, or when HighLevel counts more calls than the limiter expects.
 *
 * @param outcome - The call and its answer
 * @returns Whether to send a `settle` event
 * @example
 * ```ts
 * import { needsReport, readFeedback } from "@ghl-edge/rate-limit";
 *
 * const response = new Response("{}", { headers: { "x-ratelimit-max": "100", "x-ratelimit-remaining": "98" } });
 * const feedback = readFeedback(response, Date.now());
 * const permit = { report: false, expectedUsed: 2 };
 * console.log(needsReport({ permit, feedback, rttMs: 120, intervalLimit: 100 })); // false
 * ```
 */
export function needsReport(outcome: Outcome): boolean {
  const { permit, feedback, rttMs, intervalLimit } = outcome;
  if (permit.report || rttMs > UNSETTLED_PAD_MS || feedback === undefined || feedback.status === 429) return true;
  const { limit = intervalLimit, remaining } = feedback;
  if (limit < intervalLimit) return true;
  return remaining !== undefined && limit - remaining > permit.expectedUsed + limit * EXTERNAL_USAGE_TOLERANCE_SHARE;
}
