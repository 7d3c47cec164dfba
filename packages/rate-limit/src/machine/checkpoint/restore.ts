import {
  CHECKPOINT_EVERY_MS,
  MAX_INTERVAL_MS,
  UNCHECKPOINTED_ACTIVATIONS,
  UNCHECKPOINTED_MS,
  UNSETTLED_PAD_MS,
} from "../../constants.ts";
import { createSlotLimiter } from "../create.ts";
import { addUncheckpointed, dailyAt } from "../rules/daily.ts";
import { earlierSlot, slotCount } from "../rules/slots.ts";
import type { InFlightSlot, SlotLimiterConfig, SlotLimiterState } from "../state.ts";
import { activationsWithin, type Checkpoint } from "./checkpoint.ts";

/** Returns the slots that calls from before the restart may still take. `null`: their number is not known. */
function slotsBefore(saved: Checkpoint, state: SlotLimiterState): InFlightSlot[] | null {
  const { config, intervalMs, nowMs, uncheckpointedPermits } = state;
  const { prefetchMs = 0 } = config;
  const ageMs = nowMs - saved.atMs;
  const countsForMs = intervalMs + config.unsettledPadMs + prefetchMs;
  const known = ageMs >= countsForMs ? [] : saved.slotsFreeAtMs;
  if (ageMs < 0 || known === null) return null;
  const byItsActivation = ageMs < countsForMs + CHECKPOINT_EVERY_MS ? saved.permitsUntilNext : 0;
  const byOthers = ageMs < countsForMs + UNCHECKPOINTED_MS ? uncheckpointedPermits * UNCHECKPOINTED_ACTIVATIONS : 0;
  const sinceUntilMs = nowMs + prefetchMs + UNSETTLED_PAD_MS + intervalMs;
  const since = Array.from({ length: byItsActivation + byOthers }, () => sinceUntilMs);
  return [...known.filter((timeMs) => timeMs > nowMs), ...since]
    .sort((a, b) => a - b)
    .map((freeAtMs) => earlierSlot(nowMs, freeAtMs));
}

/**
 * Restores a limiter after a restart.
 *
 * The permits issued since the checkpoint are unknown, and at most as many as `checkpointDue` allowed. All of them count as used today, and
 * as slots in use while they may still count. Where that leaves no slot, or where the slots in use are unknown, one call probes: its answer
 * says how many more may go, and `IssuedPermit.report` makes every host report it. The probe waits until calls from before the restart, and
 * prefetched permits (`prefetchMs`), have surely been counted.
 *
 * @param config - Limits and settings of the budget
 * @param saved - The last checkpoint that was stored
 * @param nowMs - Current time in ms, by the clock that earlier events used
 * @returns The first state of this activation
 * @throws {RateLimitConfigurationError} when an option is invalid (`ERR_GHL_RATE_LIMIT_CONFIGURATION`).
 * @example
 * ```ts
 * import { type Checkpoint, createSlotLimiter, restore, type SlotLimiterConfig } from "@ghl-edge/rate-limit";
 *
 * export const start = (config: SlotLimiterConfig, saved: Checkpoint | undefined) =>
 *   saved === undefined ? createSlotLimiter(config, Date.now()) : restore(config, saved, Date.now());
 * ```
 */
export function restore(config: SlotLimiterConfig, saved: Checkpoint, nowMs: number): SlotLimiterState {
  const fresh = createSlotLimiter(config, nowMs);
  const { permitsUntilNext, uncheckpointedPermits } = saved;
  const ageMs = Math.max(0, nowMs - saved.atMs);
  const activations = activationsWithin(config, Math.min(ageMs, UNCHECKPOINTED_MS));
  const uncheckpointed = permitsUntilNext + uncheckpointedPermits * activations;
  // Earlier permits may still be reported or returned. The age keeps apart the numbers of all activations of this checkpoint.
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
    // The phases of the slots are forgotten, so calls that must be spread start with one.
    burstTokens: burst < config.burst.limit ? 0 : burst,
    blockedUntilMs: saved.atMs > nowMs ? nowMs : Math.max(nowMs, saved.blockedUntilMs),
    daily: fresh.daily && saved.daily ? dailyAt(addUncheckpointed(saved.daily, uncheckpointed), nowMs) : fresh.daily,
  };
  const inFlight = slotsBefore(saved, state);
  if (inFlight !== null && inFlight.length < slotCount(state)) return { ...state, inFlight };
  const countedAtMs = nowMs + (config.prefetchMs ?? 0) + UNSETTLED_PAD_MS;
  const blockedUntilMs = Math.max(state.blockedUntilMs, countedAtMs);
  return { ...state, uncheckpointedPermits: 0, probe: { permit: 0 }, blockedUntilMs };
}
