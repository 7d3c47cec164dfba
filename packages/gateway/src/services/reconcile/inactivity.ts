import type { Directory } from "../../directory/directory.ts";
import type { InactiveLocation, InactivityLook } from "../../directory/tables/inactivity.ts";
import { targetOf } from "../../directory/tables/installations.ts";
import { type GatewayEvent, gatewayEventAddress, gatewayInboxEvent } from "../../domain/events/gateway-event.ts";
import { readInboxName } from "../../domain/events/inbox-event.ts";
import type { Objects } from "../../platform/env.ts";
import { reach } from "../administration/shared.ts";

export interface InactivityOptions {
  readonly directory: Directory;
  readonly objects: Objects;
  readonly inactiveAfterMs: number;
  readonly nowMs: number;
}

/**
 * Upper bound per run: each location costs one to three calls, and an invocation has 10,000 (Workers limits, read 2026-11-30). The next run, an
 * hour later, continues.
 */
export const LOCATIONS_PER_RUN = 3_000;
/** Installations per query. A query reads some 8,000 rows in 10 to 30 ms, and other queries run after it. */
export const ROWS_PER_PAGE = 2_000;
/** A run reads 800,000 installations at most. A page costs two queries, and an invocation has 1,000 (D1 limits, read 2026-11-30). */
export const PAGES_PER_RUN = 400;
const JOB = "inactivity";
const AT_ONCE = 50;
/** A location has one inbox per day for a month. The newest may hold only events of the gateway itself. */
const MAX_INBOXES = 40;

/** Reads the time of HighLevel's last event from the newest inbox that has one, or from the inbox of events without a time. */
async function lastEventMs({ directory, objects }: InactivityOptions, location: InactiveLocation) {
  const { app, resource, day: newest, hasUndated } = location;
  const read = (day: string) =>
    reach(
      () => objects.inbox(app, { resource, day }),
      (inbox) => inbox.lastFromHighLevelMs(),
    );
  const undatedMs = hasUndated ? await read("undated") : undefined;
  const latest = (ms: number): number => Math.max(ms, undatedMs ?? 0);
  const newestMs = await read(newest);
  if (newestMs !== undefined) return latest(newestMs);
  // Only then are the other inboxes listed, which is a query.
  const page = { limit: MAX_INBOXES, cursor: undefined };
  const { items } = await directory.inboxes.list({ app, resource, ...page });
  for (const { name } of items) {
    const { day } = readInboxName(name)!;
    if (day === "undated" || day >= newest) continue;
    const ms = await read(day);
    if (ms !== undefined) return latest(ms);
  }
  return undatedMs;
}

/** The event's time is when the location became inactive. A repeated report is therefore the same event in the same inbox. */
async function report(
  { objects, inactiveAfterMs }: InactivityOptions,
  { app, resource }: InactiveLocation,
  lastEventAtMs: number,
) {
  const event: GatewayEvent<"location.inactive"> = {
    app,
    resource,
    name: "location.inactive",
    data: { lastEventAtMs },
    atMs: lastEventAtMs + inactiveAfterMs,
    uniqueId: `${app}:${targetOf(resource)}:${lastEventAtMs}`,
  };
  const address = gatewayEventAddress(event);
  const stored = await gatewayInboxEvent(event);
  await reach(
    () => objects.inbox(app, address),
    (inbox) => inbox.store({ app, ...address }, stored),
  );
}

interface InactivityCounts {
  readonly looked: number;
  readonly reported: number;
  readonly failed: number;
}

/** Looks at a bounded number of locations at a time, and notes all looks with one statement. */
async function lookAt(options: InactivityOptions, locations: readonly InactiveLocation[]): Promise<InactivityCounts> {
  const looks: Looked[] = [];
  let failed = 0;
  for (let from = 0; from < locations.length; from += AT_ONCE) {
    const batch = locations.slice(from, from + AT_ONCE).map((location) => look(options, location));
    for (const result of await Promise.allSettled(batch))
      if (result.status === "fulfilled") looks.push(result.value);
      else failed++;
  }
  await options.directory.inactivity.noteLooks(looks);
  return { looked: locations.length, reported: looks.filter(({ isReported }) => isReported).length, failed };
}

interface Looked extends InactivityLook {
  /** An event was stored. */
  readonly isReported: boolean;
}

async function look(options: InactivityOptions, location: InactiveLocation): Promise<Looked> {
  const lastMs = await lastEventMs(options, location);
  const isInactive = lastMs !== undefined && lastMs + options.inactiveAfterMs <= options.nowMs;
  const isKnown = location.wasReported && location.seenLastAtMs === lastMs;
  if (isInactive && !isKnown) await report(options, location, lastMs);
  const isDone = isInactive || lastMs === undefined;
  return { location, lastAtMs: lastMs ?? null, isDone, isReported: isInactive && !isKnown };
}

/** Bounds of one run. */
export interface InactivityBounds {
  readonly locations: number;
  readonly pages: number;
  readonly rowsPerPage: number;
}

const BOUNDS: InactivityBounds = { locations: LOCATIONS_PER_RUN, pages: PAGES_PER_RUN, rowsPerPage: ROWS_PER_PAGE };

/**
 * Stores one `location.inactive` event per period of inactivity for each location that HighLevel has sent nothing for too long. A run
 * walks a bounded number of installations by key. The next walk looks again at what failed.
 */
export async function reportInactivity(options: InactivityOptions, bounds = BOUNDS): Promise<InactivityCounts> {
  const { inactivity, jobCursors } = options.directory;
  const beforeMs = options.nowMs - options.inactiveAfterMs;
  const until = { day: new Date(beforeMs).toISOString().slice(0, 10), beforeMs };
  let cursor = await jobCursors.read(JOB);
  let [looked, reported, failed] = [0, 0, 0];
  for (let pages = 0; pages < bounds.pages; pages++) {
    const page = await inactivity.candidates(until, { cursor, rows: bounds.rowsPerPage });
    const some = page.locations.slice(0, bounds.locations - looked);
    const done = await lookAt(options, some);
    [looked, reported, failed] = [looked + done.looked, reported + done.reported, failed + done.failed];
    const isFull = some.length < page.locations.length;
    cursor = isFull ? (some.at(-1)?.cursor ?? cursor) : page.nextCursor;
    if (isFull || cursor === undefined) break;
  }
  await jobCursors.write(JOB, cursor);
  return { looked, reported, failed };
}
