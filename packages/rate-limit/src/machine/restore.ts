import {
  CHECKPOINT_EVERY_MS,
  MAX_INTERVAL_MS,
  UNCHECKPOINTED_ACTIVATIONS,
  UNCHECKPOINTED_MS,
  UNSETTLED_PAD_MS,
} from "../constants.ts";
import { activationsWithin, type Checkpoint, permitsUntilNextOf } from "./checkpoint.ts";
import { createSlotLimiter } from "./create.ts";
import { addUncheckpointed, dailyAt } from "./daily.ts";
import { slotCount } from "./slots.ts";
import type { InFlightSlot, SlotLimiterConfig, SlotLimiterState } from "./state.ts";

/** How long after its grant a permit may start. */
const startsWithinMs = ({ lookaheadMs, prefetchMs = 0 }: SlotLimiterConfig): number =>
  Math.max(lookaheadMs, prefetchMs);

/** Slots that calls of before the restart may still take; `null`: nobody knows how many. */
function slotsBefore(saved: Checkpoint, state: SlotLimiterState): InFlightSlot[] | null {
  const { config, intervalMs, nowMs, uncheckpointedPermits } = state;
  const ageMs = nowMs - saved.atMs;
  const countsForMs = intervalMs + config.unsettledPadMs + startsWithinMs(config);
  const known = ageMs >= countsForMs ? [] : saved.slotsFreeAtMs;
  if (ageMs < 0 || known === null || known === undefined) return null;
  const byItsActivation = ageMs < countsForMs + CHECKPOINT_EVERY_MS ? permitsUntilNextOf(saved) : 0;
  const byOthers = ageMs < countsForMs + UNCHECKPOINTED_MS ? uncheckpointedPermits * UNCHECKPOINTED_ACTIVATIONS : 0;
  const sinceUntilMs = nowMs + startsWithinMs(config) + UNSETTLED_PAD_MS + intervalMs;
  const since = Array.from({ length: byItsActivation + byOthers }, () => sinceUntilMs);
  return [...known.filter((timeMs) => timeMs > nowMs), ...since]
    .sort((a, b) => a - b)
    .map((freeAtMs) => ({
      permit: 0,
      startMs: nowMs,
      latestStartMs: nowMs,
      freeAtMs,
      settled: true,
      inFlightAtStart: 0,
      refused: false,
    }));
}

/**
 * The limiter after a restart. What was granted since the checkpoint is unknown, at most what `checkpointDue` let go: it is
 * counted as spent of the day, and as slots in use where it may still count. Where that leaves no slot, or where nobody knows what
 * was in use, one call probes, and its answer says how many more may go; a host that reports exceptions reports this one
 * (`Grant.report`). The probe waits until calls under way at the restart, and those promised ahead (`lookaheadMs`, `spareMs`), have
 * surely been counted.
 */
export function restore(config: SlotLimiterConfig, saved: Checkpoint, nowMs: number): SlotLimiterState {
  const fresh = createSlotLimiter(config, nowMs);
  const { uncheckpointedPermits = 0 } = saved;
  const permitsUntilNext = permitsUntilNextOf(saved);
  const ageMs = Math.max(0, nowMs - saved.atMs);
  const uncheckpointed =
    permitsUntilNext + uncheckpointedPermits * activationsWithin(config, Math.min(ageMs, UNCHECKPOINTED_MS));
  // Permits of before may still be reported or given back: no number is given again, whatever other lives have begun with this checkpoint.
  const firstPermit = saved.lastPermit + permitsUntilNext + uncheckpointedPermits * ageMs;
  const burst = Math.min(fresh.burst, saved.burst);
  const state: SlotLimiterState = {
    ...fresh,
    lastPermit: firstPermit,
    firstPermit,
    uncheckpointedPermits,
    uncheckpointed,
    limit: saved.limit,
    intervalMs: Math.max(fresh.intervalMs, Math.min(saved.intervalMs, MAX_INTERVAL_MS)),
    externalUsage: saved.externalUsage,
    burst,
    // which phase the slots had is forgotten: calls that have to be spread begin with one
    burstTokens: burst < config.burst.limit ? 0 : burst,
    blockedUntilMs: saved.atMs > nowMs ? nowMs : Math.max(nowMs, saved.blockedUntilMs),
    daily: fresh.daily && saved.daily ? dailyAt(addUncheckpointed(saved.daily, uncheckpointed), nowMs) : fresh.daily,
  };
  const inFlight = slotsBefore(saved, state);
  if (inFlight !== null && inFlight.length < slotCount(state)) return { ...state, inFlight };
  const countedAtMs = nowMs + startsWithinMs(config) + UNSETTLED_PAD_MS;
  const blockedUntilMs = Math.max(state.blockedUntilMs, countedAtMs);
  return { ...state, uncheckpointedPermits: 0, probe: { permit: 0 }, blockedUntilMs };
}
