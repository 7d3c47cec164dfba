import type { Directory } from "../../directory/directory.ts";
import { type InstallationRef, targetOf } from "../../directory/installations.ts";
import type { QuietLocation } from "../../directory/silences.ts";
import { type GatewayEvent, gatewayEventAddress, gatewayInboxEvent } from "../../domain/gateway-event.ts";
import { readInboxName } from "../../domain/inbox-event.ts";
import type { Objects } from "../../platform/env.ts";
import { reach } from "../administration/shared.ts";

export interface SilenceOptions {
  readonly directory: Directory;
  readonly objects: Objects;
  readonly silentAfterMs: number;
  readonly nowMs: number;
}

/** Of one run: each is a handful of calls, and the next run is an hour away. */
export const LOCATIONS_PER_RUN = 100;
/** Installations of one query: it reads some 1,500 rows in a few milliseconds, and others get their turn after it. */
export const ROWS_PER_PAGE = 500;
/** Of one run, so that it reads 10,000 installations at most; with more, the next run goes on where it stopped. */
export const PAGES_PER_RUN = 20;
const JOB = "silence";
const AT_ONCE = 10;
/** A location has an inbox a day for a month; those that are newer have nothing but the gateway's own events. */
const MAX_INBOXES = 40;

/** The last event of HighLevel's: in the newest inbox that has any, or in that of events without a time. */
async function lastEventMs({ directory, objects }: SilenceOptions, { app, resource }: InstallationRef) {
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

/** Its time is when the silence was long enough, so that whoever tells of it again tells the same event in the same inbox. */
async function tell(
  { objects, silentAfterMs }: SilenceOptions,
  { app, resource }: QuietLocation,
  lastEventAtMs: number,
) {
  const event: GatewayEvent<"location.silent"> = {
    app,
    resource,
    name: "location.silent",
    data: { lastEventAtMs },
    atMs: lastEventAtMs + silentAfterMs,
    uniqueId: `${app}:${targetOf(resource)}:${lastEventAtMs}`,
  };
  const address = gatewayEventAddress(event);
  const stored = await gatewayInboxEvent(event);
  await reach(
    () => objects.inbox(app, address),
    (inbox) => inbox.store({ app, ...address }, stored),
  );
}

interface Silenced {
  readonly looked: number;
  readonly told: number;
  readonly failed: number;
}

/** Some at a time. */
async function lookAt(options: SilenceOptions, locations: readonly QuietLocation[]): Promise<Silenced> {
  const results: PromiseSettledResult<boolean>[] = [];
  for (let from = 0; from < locations.length; from += AT_ONCE) {
    const batch = locations.slice(from, from + AT_ONCE).map((location) => look(options, location));
    results.push(...(await Promise.allSettled(batch)));
  }
  return {
    looked: locations.length,
    told: results.filter((result) => result.status === "fulfilled" && result.value).length,
    failed: results.filter(({ status }) => status === "rejected").length,
  };
}

/** True: it was told of. */
async function look(options: SilenceOptions, location: QuietLocation): Promise<boolean> {
  const { silences } = options.directory;
  const lastMs = await lastEventMs(options, location);
  const isSilent = lastMs !== undefined && lastMs + options.silentAfterMs <= options.nowMs;
  const isKnown = location.wasTold && location.seenLastAtMs === lastMs;
  if (isSilent && !isKnown) await tell(options, location, lastMs);
  await silences.saw(location, lastMs ?? null, isSilent || lastMs === undefined);
  return isSilent && !isKnown;
}

/**
 * Tells of locations that HighLevel has sent nothing for too long, once for each silence. Walks the installations by key, a bounded part
 * in each run. What fails is looked at again by the next walk.
 */
export async function tellOfSilence(options: SilenceOptions): Promise<Silenced> {
  const { silences, jobCursors } = options.directory;
  const beforeMs = options.nowMs - options.silentAfterMs;
  const until = { day: new Date(beforeMs).toISOString().slice(0, 10), beforeMs };
  let cursor = await jobCursors.read(JOB);
  let [looked, told, failed] = [0, 0, 0];
  for (let pages = 0; pages < PAGES_PER_RUN; pages++) {
    const page = await silences.quiet(until, { cursor, rows: ROWS_PER_PAGE });
    const some = page.locations.slice(0, LOCATIONS_PER_RUN - looked);
    const done = await lookAt(options, some);
    [looked, told, failed] = [looked + done.looked, told + done.told, failed + done.failed];
    const isFull = some.length < page.locations.length;
    cursor = isFull ? (some.at(-1)?.cursor ?? cursor) : page.nextCursor;
    if (isFull || cursor === undefined) break;
  }
  await jobCursors.write(JOB, cursor);
  return { looked, told, failed };
}
