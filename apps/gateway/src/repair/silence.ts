import type { Directory } from "../directory/directory.ts";
import { type InstallationRef, targetOf } from "../directory/installations.ts";
import type { QuietLocation } from "../directory/silences.ts";
import { type GatewayEvent, gatewayEventAddress, gatewayInboxEvent } from "../domain/gateway-event.ts";
import { readInboxName } from "../domain/inbox-event.ts";
import type { Objects } from "../env.ts";
import { reach } from "../operations/shared.ts";

export interface SilenceOptions {
  readonly directory: Directory;
  readonly objects: Objects;
  readonly silentAfterMs: number;
  readonly nowMs: number;
}

/** Of one run: each is a handful of calls, and the next run is an hour away. */
export const LOCATIONS_PER_RUN = 100;
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
 * Tells of locations that HighLevel has sent nothing for too long, once for each silence. What fails is looked at again by the
 * next run.
 */
export async function tellOfSilence(
  options: SilenceOptions,
): Promise<{ readonly looked: number; readonly told: number; readonly failed: number }> {
  const beforeMs = options.nowMs - options.silentAfterMs;
  const day = new Date(beforeMs).toISOString().slice(0, 10);
  const locations = await options.directory.silences.quiet({ day, beforeMs }, LOCATIONS_PER_RUN);
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
