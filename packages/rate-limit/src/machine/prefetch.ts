/**
 * Permits for calls that have not been made yet. A host far away from the limiter saves the trip to it for calls that follow each other
 * closely. They are issued only from what no other caller can need: half of the limit stays open, no call waits, there is no external
 * usage, and the reserves of the day are untouched.
 */
import { CALM_SHARE } from "../constants.ts";
import { PRIORITIES } from "../priority.ts";
import { issuePermit } from "./issue.ts";
import { slotCount } from "./rules/slots.ts";
import type { IssuedPermit, SlotLimiterState } from "./state.ts";

/** Number of calls that the least urgent class may still make today. */
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

/** Issues at most `most` prefetched permits, all usable from now on. */
export function issuePrefetched(state: SlotLimiterState, most: number): [SlotLimiterState, readonly IssuedPermit[]] {
  const { prefetchMs = 0 } = state.config;
  const count = Math.min(most, prefetchCount(state));
  const permits: IssuedPermit[] = [];
  let next = state;
  for (let index = 0; index < count; index++) {
    const [after, permit] = issuePermit(next, state.nowMs + prefetchMs);
    next = after;
    permits.push(permit);
  }
  // The one that is used first may find all of them counted.
  const expectedUsed = permits.at(-1)?.expectedUsed ?? 0;
  return [next, permits.map((permit) => ({ ...permit, expectedUsed }))];
}
