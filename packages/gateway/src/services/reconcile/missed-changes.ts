import type { InstallationRef } from "../../directory/tables/installations.ts";
import { type GatewayEvent, gatewayEventAddress, gatewayInboxEvent } from "../../domain/events/gateway-event.ts";
import { type InboxAddress, readInboxName } from "../../domain/events/inbox-event.ts";
import { type ActionContext, reach } from "../administration/shared.ts";
import type { ChangedRecord } from "./changes-page.ts";
import type { ReconcileModule } from "./modules.ts";

/** Clock skew between HighLevel's machines: an event may be signed this long before the time that its record shows. */
const CLOCK_SKEW_MS = 5_000;
/** A location has one inbox per day for a month. More inboxes come from signed times that are far off. */
const MAX_INBOXES = 200;

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** Lists the inboxes of a location's last days. Today's is included even if the directory does not list it yet. */
export async function inboxesSince(
  { directory }: ActionContext,
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
  { name }: ReconcileModule,
  { id, changedAtMs, record }: ChangedRecord,
): GatewayEvent<"record.reconciled"> => ({
  app,
  resource,
  name: "record.reconciled",
  data: { module: name, recordId: id, updatedAtMs: changedAtMs, record },
  atMs: changedAtMs,
  uniqueId: `${name}:${id}:${changedAtMs}`,
});

/** The changes of one page, and the inboxes that may have an event about them. */
interface FoundChanges {
  readonly module: ReconcileModule;
  readonly changes: readonly ChangedRecord[];
  readonly inboxes: readonly InboxAddress[];
}

/** Returns the changes that no stored event is about, each with the event that will report it. */
async function missedChanges(
  { objects }: ActionContext,
  ref: InstallationRef,
  { module, changes, inboxes }: FoundChanges,
) {
  const events = changes.map((change) => eventOf(ref, module, change));
  const written = await Promise.all(events.map(gatewayInboxEvent));
  const records = changes.map(({ id, changedAtMs }, i) => ({
    id,
    notBeforeMs: changedAtMs - CLOCK_SKEW_MS,
    reportedBy: written[i]!.dedupeKey,
  }));
  const firstDay = dayOf(Math.max(0, Math.min(...records.map(({ notBeforeMs }) => notBeforeMs))));
  const queries = inboxes
    .filter(({ day }) => day >= firstDay)
    .map((address) =>
      reach(
        () => objects.inbox(ref.app, address),
        (inbox) => inbox.recordsWithEvents(module.events, records),
      ),
    );
  const known = new Set((await Promise.all(queries)).flat());
  return events.map((event, i) => ({ event, stored: written[i]! })).filter((_, i) => !known.has(changes[i]!.id));
}

/**
 * Stores one event per missed change, in the inbox of its day.
 *
 * @returns the number of missed changes; with `dryRun` they are only counted
 */
export async function storeMissedChanges(
  options: ActionContext,
  ref: InstallationRef,
  found: FoundChanges & { readonly dryRun: boolean },
): Promise<number> {
  if (found.changes.length === 0) return 0;
  const missed = await missedChanges(options, ref, found);
  if (found.dryRun) return missed.length;
  const stores = missed.map(({ event, stored }) => {
    const address = gatewayEventAddress(event);
    return reach(
      () => options.objects.inbox(ref.app, address),
      (inbox) => inbox.store({ app: ref.app, ...address }, stored),
    );
  });
  await Promise.all(stores);
  return missed.length;
}
