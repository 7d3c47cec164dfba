import { EXTERNAL_USAGE_TOLERANCE_SHARE, UNSETTLED_PAD_MS } from "../constants.ts";
import type { Feedback } from "../feedback.ts";
import type { CallPermit } from "./state.ts";

/** One answered call, as its sender sees it. */
export interface Outcome {
  /** Its grant. A sender with several calls under way may put in the largest `expectedUsed` among them. */
  readonly permit: Pick<CallPermit, "report" | "expectedUsed">;
  /** `undefined`: no answer came. */
  readonly feedback: Feedback | undefined;
  /** From the grant's `startAtMs` to the head of the answer: the slot is taken from then on, however late the call was sent. */
  readonly rttMs: number;
  /** Configured calls per interval. */
  readonly intervalLimit: number;
}

/**
 * Whether a host that reports exceptions only (`unsettledPadMs: UNSETTLED_PAD_MS`) must report this answer: the limiter asked for it,
 * it came late, it was a 429, or HighLevel counts more calls than the limiter knows of.
 */
export function needsReport(outcome: Outcome): boolean {
  const { permit, feedback, rttMs, intervalLimit } = outcome;
  if (permit.report || rttMs > UNSETTLED_PAD_MS || feedback === undefined || feedback.status === 429) return true;
  const { limit = intervalLimit, remaining } = feedback;
  if (limit < intervalLimit) return true;
  return remaining !== undefined && limit - remaining > permit.expectedUsed + limit * EXTERNAL_USAGE_TOLERANCE_SHARE;
}
