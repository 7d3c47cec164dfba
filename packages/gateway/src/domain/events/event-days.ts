const DAY_MS = 86_400_000;
/** The overflow queues try an event for eight days (wrangler.jsonc), and the replay window is added to that. */
const LATEST_MS = 10 * DAY_MS;
/** Clocks may differ: HighLevel's from ours, and one machine's from another's. */
const AHEAD_MS = DAY_MS;

const dayOf = (ms: number): string => new Date(Math.max(0, ms)).toISOString().slice(0, 10);

/**
 * Returns the days whose inboxes may have events that arrived in a period. An inbox is named by the day of the signed timestamp, but queries
 * are about arrival. A quarantined event may have any day, so days can only be left out when quarantined events are.
 */
export function daysOfArrival({
  fromMs,
  toMs,
  quarantined,
}: {
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  readonly quarantined?: boolean | undefined;
}): { readonly fromDay?: string; readonly toDay?: string } {
  if (quarantined !== false) return {};
  return {
    ...(fromMs === undefined ? {} : { fromDay: dayOf(fromMs - LATEST_MS) }),
    ...(toMs === undefined ? {} : { toDay: dayOf(toMs + AHEAD_MS) }),
  };
}
