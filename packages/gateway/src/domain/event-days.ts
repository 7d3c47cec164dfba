const DAY_MS = 86_400_000;
/** What overflowed is tried for eight days (wrangler.jsonc), beside the replay window. */
const LATEST_MS = 10 * DAY_MS;
/** A clock may be ahead: HighLevel's of ours, one machine's of another's. */
const AHEAD_MS = DAY_MS;

const dayOf = (ms: number): string => new Date(Math.max(0, ms)).toISOString().slice(0, 10);

/**
 * Inboxes have the day of the signed timestamp, questions are about arrival: days whose inboxes may have what arrived from one
 * time on, before another. What is quarantined may have any day, so that only without it days can be left out.
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
