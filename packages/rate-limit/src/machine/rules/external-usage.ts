/**
 * External usage: calls by other clients of the same budget (a second system with the same app, an MCP server, a person). HighLevel's
 * headers say how much of the limit is used, and the excess over our own count is external. A fixed window shows the excess only late,
 * so the highest observation of an interval counts. A higher one raises the estimate part of the way. After an interval in which all
 * observations were lower, the highest of them becomes the estimate.
 */
import { EXTERNAL_USAGE_DECAY, EXTERNAL_USAGE_RISE, EXTERNAL_USAGE_TOLERANCE_SHARE } from "../../constants.ts";
import type { Feedback } from "../../feedback.ts";
import type { InFlightSlot, SlotLimiterState } from "../state.ts";
import { countInFlight } from "./slots.ts";

type ExternalUsage = Pick<SlotLimiterState, "externalUsage" | "highestExternalUsage">;

/**
 * Updates the estimate from one answer. HighLevel counted somewhere between start and answer, so calls that were ours at either end are
 * not external. `state.inFlight` already knows whether the call was refused.
 */
export function observeExternalUsage(state: SlotLimiterState, feedback: Feedback, slot: InFlightSlot): ExternalUsage {
  const { limit, externalUsage, highestExternalUsage } = state;
  const used =
    feedback.status === 429 ? limit : feedback.remaining === undefined ? undefined : limit - feedback.remaining;
  if (used === undefined) return { externalUsage, highestExternalUsage };
  const oursAtStart = slot.refused ? slot.inFlightAtStart - 1 : slot.inFlightAtStart;
  const ours = Math.max(oursAtStart, countInFlight(state.inFlight, state.nowMs));
  const unexplained = used - ours - limit * EXTERNAL_USAGE_TOLERANCE_SHARE;
  const excess = Math.min(limit - 1, Math.max(0, unexplained));
  return {
    externalUsage: externalUsage + Math.max(0, excess - externalUsage) * EXTERNAL_USAGE_RISE,
    highestExternalUsage: Math.max(highestExternalUsage ?? 0, excess),
  };
}

/** Lowers the estimate after `rounds` intervals in which no more was observed than what is collected. */
export function decayExternalUsage(state: SlotLimiterState, rounds: number): ExternalUsage {
  let { externalUsage } = state;
  let blindRounds = rounds;
  if (state.highestExternalUsage !== null) {
    externalUsage = Math.min(externalUsage, state.highestExternalUsage);
    blindRounds--;
  }
  externalUsage *= (1 - EXTERNAL_USAGE_DECAY) ** blindRounds;
  return { externalUsage: externalUsage < 0.5 ? 0 : externalUsage, highestExternalUsage: null };
}
