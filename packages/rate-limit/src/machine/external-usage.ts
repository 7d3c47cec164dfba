/**
 * What others spend of the same limit (a second system with the same app, an MCP server, a person). HighLevel tells how much of the
 * limit is used; what exceeds our own count is foreign. In a fixed window the excess shows only late in the window, so
 * that the largest sample of an interval counts: each larger one raises the estimate a part of the way, and after an interval whose
 * samples were all smaller the largest of them is the estimate.
 */
import { FOREIGN_BLIND_DECAY, FOREIGN_RISE, FOREIGN_TOLERANCE_SHARE } from "../constants.ts";
import type { Feedback } from "../feedback.ts";
import { ownCount } from "./slots.ts";
import type { Hold, SlotLimiterState } from "./state.ts";

type Foreign = Pick<SlotLimiterState, "foreign" | "foreignSample">;

/**
 * Takes the sample of one answer into account. HighLevel counted somewhere between start and answer: what was ours at either end
 * is not foreign. `state.holds` already knows whether the call was refused.
 */
export function sampleForeign(state: SlotLimiterState, feedback: Feedback, hold: Hold): Foreign {
  const { limit, foreign, foreignSample } = state;
  const used =
    feedback.status === 429 ? limit : feedback.remaining === undefined ? undefined : limit - feedback.remaining;
  if (used === undefined) return { foreign, foreignSample };
  const ownAtStart = hold.refused ? hold.ownAtStart - 1 : hold.ownAtStart;
  const own = Math.max(ownAtStart, ownCount(state.holds, state.nowMs));
  const unexplained = used - own - limit * FOREIGN_TOLERANCE_SHARE;
  const excess = Math.min(limit - 1, Math.max(0, unexplained));
  return {
    foreign: foreign + Math.max(0, excess - foreign) * FOREIGN_RISE,
    foreignSample: Math.max(foreignSample ?? 0, excess),
  };
}

/** The estimate after `rounds` intervals without more samples than the collected one. */
export function decayForeign(state: SlotLimiterState, rounds: number): Foreign {
  let { foreign } = state;
  let blindRounds = rounds;
  if (state.foreignSample !== null) {
    foreign = Math.min(foreign, state.foreignSample);
    blindRounds--;
  }
  foreign *= (1 - FOREIGN_BLIND_DECAY) ** blindRounds;
  return { foreign: foreign < 0.5 ? 0 : foreign, foreignSample: null };
}
