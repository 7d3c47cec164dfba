/**
 * What others spend of the same limit (a second system with the same app, an MCP server, a person). HighLevel tells how much of the
 * limit is used; what exceeds our own count is foreign. In a fixed window the excess shows only late in the window, so
 * that the largest sample of an interval counts: each larger one raises the estimate a part of the way, and after an interval whose
 * samples were all smaller the largest of them is the estimate.
 */
import { EXTERNAL_USAGE_DECAY, EXTERNAL_USAGE_RISE, EXTERNAL_USAGE_TOLERANCE_SHARE } from "../constants.ts";
import type { Feedback } from "../feedback.ts";
import { countInFlight } from "./slots.ts";
import type { InFlightSlot, SlotLimiterState } from "./state.ts";

type ExternalUsage = Pick<SlotLimiterState, "externalUsage" | "highestExternalUsage">;

/**
 * Takes the sample of one answer into account. HighLevel counted somewhere between start and answer: what was ours at either end
 * is not foreign. `state.holds` already knows whether the call was refused.
 */
export function observeExternalUsage(state: SlotLimiterState, feedback: Feedback, slot: InFlightSlot): ExternalUsage {
  const { limit, externalUsage, highestExternalUsage } = state;
  const used =
    feedback.status === 429 ? limit : feedback.remaining === undefined ? undefined : limit - feedback.remaining;
  if (used === undefined) return { externalUsage, highestExternalUsage };
  const inFlightAtStart = slot.refused ? slot.inFlightAtStart - 1 : slot.inFlightAtStart;
  const own = Math.max(inFlightAtStart, countInFlight(state.inFlight, state.nowMs));
  const unexplained = used - own - limit * EXTERNAL_USAGE_TOLERANCE_SHARE;
  const excess = Math.min(limit - 1, Math.max(0, unexplained));
  return {
    externalUsage: externalUsage + Math.max(0, excess - externalUsage) * EXTERNAL_USAGE_RISE,
    highestExternalUsage: Math.max(highestExternalUsage ?? 0, excess),
  };
}

/** The estimate after `rounds` intervals without more samples than the collected one. */
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
