import type { Directory } from "../../directory/directory.ts";
import type { InactiveLocation } from "../../directory/tables/inactivity.ts";
import { type InstallationRef, targetOf } from "../../directory/tables/installations.ts";
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

/** Upper bound per run: each location costs a handful of calls, and the next run is an hour away. */
export const LOCATIONS_PER_RUN = 100;
/** Installations per query. A query reads some 1,500 rows in a few milliseconds, and other queries run after it. */
export const ROWS_PER_PAGE = 500;
/** Upper bound per run, which so reads 10,000 installations at most. The next run continues where this one stopped. */
export const PAGES_PER_RUN = 20;
const JOB = "inactivity";
const AT_ONCE = 10;
/** A location has one inbox per day for a month. The newest may hold only events of the gateway itself. */
const MAX_INBOXES = 40;

/** Reads the time of HighLevel's last event from the newest inbox that has one, or from the inbox of events without a time. */
async function lastEventMs({ directory, objects }: InactivityOptions, { app, resource }: InstallationRef) {
  const { items } = await directory.inboxes.list({ app, resource, limit: MAX_INBOXES, cursor: undefined });
  let lastMs: number | undefined;
  for (const { name } of items) {
    const address = readInboxName(name)!;
    const ms = await reach(
      () => objects.inbox(app, address),
      (inbox) => inbox.lastFromHighLevelMs(),
    );
    if (ms === undefined) continue;
    lastMs = Math.max(ms, lastMs ?? 0);
    if (address.day !== "undated") break;
  }
  return lastMs;
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

/** Looks at a bounded number of locations at a time. */
async function lookAt(options: InactivityOptions, locations: readonly InactiveLocation[]): Promise<InactivityCounts> {
  const results: PromiseSettledResult<boolean>[] = [];
  for (let from = 0; from < locations.length; from += AT_ONCE) {
    const batch = locations.slice(from, from + AT_ONCE).map((location) => look(options, location));
    results.push(...(await Promise.allSettled(batch)));
  }
  return {
    looked: locations.length,
    reported: results.filter((result) => result.status === "fulfilled" && result.value).length,
    failed: results.filter(({ status }) => status === "rejected").length,
  };
}

/** Returns whether an event was stored. */
async function look(options: InactivityOptions, location: InactiveLocation): Promise<boolean> {
  const { inactivity } = options.directory;
  const lastMs = await lastEventMs(options, location);
  const isInactive = lastMs !== undefined && lastMs + options.inactiveAfterMs <= options.nowMs;
  const isKnown = location.wasReported && location.seenLastAtMs === lastMs;
  if (isInactive && !isKnown) await report(options, location, lastMs);
  await inactivity.noteLook(location, lastMs ?? null, isInactive || lastMs === undefined);
  return isInactive && !isKnown;
}

/**
 * Stores one `location.inactive` event per period of inactivity for each location that HighLevel has sent nothing for too long. A run
 * walks a bounded number of installations by key. The next walk looks again at what failed.
 */
export async function reportInactivity(options: InactivityOptions): Promise<InactivityCounts> {
  const { inactivity, jobCursors } = options.directory;
  const beforeMs = options.nowMs - options.inactiveAfterMs;
  const until = { day: new Date(beforeMs).toISOString().slice(0, 10), beforeMs };
  let cursor = await jobCursors.read(JOB);
  let [looked, reported, failed] = [0, 0, 0];
  for (let pages = 0; pages < PAGES_PER_RUN; pages++) {
    const page = await inactivity.candidates(until, { cursor, rows: ROWS_PER_PAGE });
    const some = page.locations.slice(0, LOCATIONS_PER_RUN - looked);
    const done = await lookAt(options, some);
    [looked, reported, failed] = [looked + done.looked, reported + done.reported, failed + done.failed];
    const isFull = some.length < page.locations.length;
    cursor = isFull ? (some.at(-1)?.cursor ?? cursor) : page.nextCursor;
    if (isFull || cursor === undefined) break;
  }
  await jobCursors.write(JOB, cursor);
  return { looked, reported, failed };
}
