import type { InstallationRef } from "../../directory/installations.ts";
import { type GatewayEvent, gatewayEventAddress, gatewayInboxEvent } from "../../domain/gateway-event.ts";
import { type InboxAddress, readInboxName } from "../../domain/inbox-event.ts";
import { reach } from "../administration/shared.ts";
import type { ChangedRecord, RepairOptions } from "./changes-page.ts";
import type { RepairModule } from "./modules.ts";

/** Between HighLevel's machines: an event may be signed that long before the time that its record shows. */
const CLOCK_SKEW_MS = 5_000;
/** A location has an inbox a day for a month; more come from signed times that are far off. */
const MAX_INBOXES = 200;

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** Where events of a location's last days are: what the directory lists, and today's, which it may not know yet. */
export async function inboxesSince(
  { directory }: RepairOptions,
  { app, resource }: InstallationRef,
  { sinceMs, nowMs }: { readonly sinceMs: number; readonly nowMs: number },
): Promise<readonly InboxAddress[]> {
  const fromDay = dayOf(Math.max(0, sinceMs - CLOCK_SKEW_MS));
  const { items } = await directory.inboxes.list({ app, resource, fromDay, limit: MAX_INBOXES, cursor: undefined });
  const days = new Set([dayOf(nowMs), ...items.map(({ name }) => readInboxName(name)!.day)]);
  return [...days].map((day) => ({ resource, day }));
}

const eventOf = (
  { app, resource }: InstallationRef,
  { name }: RepairModule,
  { id, changedAtMs, record }: ChangedRecord,
): GatewayEvent<"record.reconciled"> => ({
  app,
  resource,
  name: "record.reconciled",
  data: { module: name, recordId: id, updatedAtMs: changedAtMs, record },
  atMs: changedAtMs,
  uniqueId: `${name}:${id}:${changedAtMs}`,
});

/** Changes that no event tells of, each as the event that will. */
async function untold(
  { objects }: RepairOptions,
  ref: InstallationRef,
  module: RepairModule,
  { changes, inboxes }: { readonly changes: readonly ChangedRecord[]; readonly inboxes: readonly InboxAddress[] },
) {
  const events = changes.map((change) => eventOf(ref, module, change));
  const written = await Promise.all(events.map(gatewayInboxEvent));
  const records = changes.map(({ id, changedAtMs }, i) => ({
    id,
    notBeforeMs: changedAtMs - CLOCK_SKEW_MS,
    toldBy: written[i]!.dedupeKey,
  }));
  const firstDay = dayOf(Math.max(0, Math.min(...records.map(({ notBeforeMs }) => notBeforeMs))));
  const asked = inboxes
    .filter(({ day }) => day >= firstDay)
    .map((address) =>
      reach(
        () => objects.inbox(ref.app, address),
        (inbox) => inbox.tellsOf(module.events, records),
      ),
    );
  const told = new Set((await Promise.all(asked)).flat());
  return events.map((event, i) => ({ event, stored: written[i]! })).filter((_, i) => !told.has(changes[i]!.id));
}

/** How many changes no event tells of; each gets one, in the inbox of its day, unless they are only counted. */
export async function closeGaps(
  options: RepairOptions,
  ref: InstallationRef,
  module: RepairModule,
  found: {
    readonly changes: readonly ChangedRecord[];
    readonly inboxes: readonly InboxAddress[];
    readonly dryRun: boolean;
  },
): Promise<number> {
  if (found.changes.length === 0) return 0;
  const gaps = await untold(options, ref, module, found);
  if (found.dryRun) return gaps.length;
  const stores = gaps.map(({ event, stored }) => {
    const address = gatewayEventAddress(event);
    return reach(
      () => options.objects.inbox(ref.app, address),
      (inbox) => inbox.store({ app: ref.app, ...address }, stored),
    );
  });
  await Promise.all(stores);
  return gaps.length;
}
