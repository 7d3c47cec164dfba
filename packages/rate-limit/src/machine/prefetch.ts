/**
 * Permits for calls that nobody has asked for yet. A host far away from the limiter saves the way to it for calls that follow each
 * other closely. They are given of what nobody else can miss: half of the limit stays open, nobody waits, no others are on the
 * limit, no class has to save up its day.
 */
import { CALM_SHARE } from "../constants.ts";
import { PRIORITIES } from "../priority.ts";
import { issuePermit } from "./issue.ts";
import { slotCount } from "./slots.ts";
import type { IssuedPermit, SlotLimiterState } from "./state.ts";

/** Calls of the day that the least urgent class may still make. */
function leftToday({ daily, config }: SlotLimiterState): number {
  if (daily === null) return Number.POSITIVE_INFINITY;
  const reserve = Math.max(...PRIORITIES.map((priority) => config.reserves[priority]));
  return daily.limit * (1 - reserve) - daily.used;
}

function prefetchCount(state: SlotLimiterState): number {
  const { config, waiting, probe, externalUsage, burst, blockedUntilMs, nowMs } = state;
  const isQuiet = waiting.count === 0 && probe === null && externalUsage === 0 && burst >= config.burst.limit;
  if (!config.prefetchMs || !isQuiet || blockedUntilMs > nowMs) return 0;
  const slots = slotCount(state);
  const free = slots - state.inFlight.length - Math.ceil(slots * (1 - CALM_SHARE));
  return Math.max(0, Math.min(free, Math.floor(leftToday(state))));
}

/** At most so many spare permits, all for calls from now on. */
export function issuePrefetched(state: SlotLimiterState, most: number): [SlotLimiterState, readonly IssuedPermit[]] {
  const { prefetchMs = 0 } = state.config;
  const count = Math.min(most, prefetchCount(state));
  const given: IssuedPermit[] = [];
  let next = state;
  for (let index = 0; index < count; index++) {
    const [after, permit] = issuePermit(next, { startMs: state.nowMs, untilMs: state.nowMs + prefetchMs });
    next = after;
    given.push(permit);
  }
  // whichever is used first may find all of them counted
  const expectedUsed = given.at(-1)?.expectedUsed ?? 0;
  return [next, given.map((permit) => ({ ...permit, expectedUsed }))];
}
