import { readCursor, writeCursor } from "../../directory/cursor.ts";
import { statusOf } from "../../directory/record.ts";
import { type InstallationRef, targetOf } from "../../directory/tables/installations.ts";
import { type InboxAddress, readInboxName } from "../../domain/events/inbox-event.ts";
import { type ActionContext, checkApp, eachShard, invalid, reach } from "./shared.ts";

/** Inboxes of one step: each is a call of an object. */
const INBOXES_PER_STEP = 40;
/** Endpoints of one step: each is a call of as many objects as it has shards. */
const ENDPOINTS_PER_STEP = 10;
const DAY_MS = 86_400_000;
/** Days, counted from today, whose inboxes are erased whether they are listed or not: the longest retention, and clocks that are ahead. */
const ERASED_DAYS = Array.from({ length: 32 }, (_, i) => 1 - i);

export interface DataRemoval {
  readonly app: string;
  /** Id of the location. */
  readonly id: string;
  /** `nextCursor` of the previous step. */
  readonly cursor?: string | undefined;
}

/** Counts what one step has removed. */
export interface RemovedData {
  /** Tokens, and what else the grant stores: an installation that waits for approval, a private integration token. */
  readonly tokens: boolean;
  readonly inboxes: number;
  readonly events: number;
  /** Events that were on their way to an inbox. */
  readonly bufferedEvents: number;
  /** Deliveries, dead letters among them. */
  readonly deliveries: number;
  /** Rows of the directory: inboxes, the installation, its inactivity. */
  readonly directoryRows: number;
  /** Ask again with it as cursor; null: all is removed. */
  readonly nextCursor: string | null;
}

const NOTHING: RemovedData = {
  tokens: false,
  inboxes: 0,
  events: 0,
  bufferedEvents: 0,
  deliveries: 0,
  directoryRows: 0,
  nextCursor: null,
};

type Phase = "inboxes" | "endpoints";

function readPosition(cursor: string | undefined): {
  readonly phase: Phase | undefined;
  readonly after: string | undefined;
} {
  if (cursor === undefined) return { phase: undefined, after: undefined };
  const [phase, after = ""] = readCursor(cursor, 2);
  if (phase !== "inboxes" && phase !== "endpoints") throw invalid("cursor must be the nextCursor of a step before");
  return { phase, after: after === "" ? undefined : after };
}

/** Inboxes go with their rows, so that a step after a crash finds what is left. */
async function eraseInboxes({ objects }: ActionContext, ref: InstallationRef, addresses: readonly InboxAddress[]) {
  const { app } = ref;
  const erased = addresses.map(async (address) => {
    const events = await reach(
      () => objects.inbox(app, address),
      (inbox) => inbox.erase(),
    );
    const rows = await reach(
      () => objects.inboxListing(app, address),
      (list) => list.forgetInbox({ app, ...address }),
    );
    return { events, rows };
  });
  const done = await Promise.all(erased);
  return {
    inboxes: done.filter(({ events, rows }) => events + rows > 0).length,
    events: done.reduce((sum, { events }) => sum + events, 0),
    directoryRows: done.reduce((sum, { rows }) => sum + rows, 0),
  };
}

/**
 * Removes the secrets. A mark of the time stays, so that an older INSTALL or code brings nothing back. An installation that never was gets
 * no mark.
 *
 * @returns whether there was a secret
 */
async function eraseGrant({ objects, change }: ActionContext, ref: InstallationRef): Promise<boolean> {
  const { grant, derived, privateIntegration, pendingApproval } = await statusOf(objects, ref);
  const known = [grant, derived].filter((one) => one !== undefined);
  if (known.length === 0 && (privateIntegration ?? pendingApproval) === undefined) return false;
  await reach(
    () => objects.grant(ref.app, ref.resource),
    (grantObject) => grantObject.applyUninstallEvent({ ...ref, atMs: change.nowMs, forgetsAll: true }),
  );
  return (privateIntegration ?? pendingApproval) !== undefined || known.some(({ status }) => status !== "uninstalled");
}

async function begin(context: ActionContext, ref: InstallationRef): Promise<RemovedData> {
  const { directory, objects, change } = context;
  const { app, resource } = ref;
  // The audit comes first, so that every removal has an actor.
  await directory.audit.note({ action: "location.data_removed", app, target: targetOf(resource) }, change);
  const tokens = await eraseGrant(context, ref);
  const erasures = objects.allEventBuffers(app).map((buffer) => reach(buffer, (object) => object.erase(resource)));
  const buffered = await Promise.all(erasures);
  // The directory may not list the newest inboxes yet. An event may be signed on any of these days.
  const days = ERASED_DAYS.map((n) => new Date(change.nowMs + n * DAY_MS).toISOString().slice(0, 10));
  const newest = await eraseInboxes(
    context,
    ref,
    [...days, "undated"].map((day) => ({ resource, day })),
  );
  const bufferedEvents = buffered.reduce((sum, events) => sum + events, 0);
  return { ...NOTHING, ...newest, tokens, bufferedEvents, nextCursor: writeCursor(["inboxes", ""]) };
}

async function listedInboxes(context: ActionContext, ref: InstallationRef): Promise<RemovedData> {
  const page = await context.directory.inboxes.list({ ...ref, limit: INBOXES_PER_STEP, cursor: undefined });
  const erased = await eraseInboxes(
    context,
    ref,
    page.items.map(({ name }) => readInboxName(name)!),
  );
  const next: Phase = page.nextCursor === null ? "endpoints" : "inboxes";
  return { ...NOTHING, ...erased, nextCursor: writeCursor([next, ""]) };
}

async function endpoints(
  { directory, objects }: ActionContext,
  { app, resource }: InstallationRef,
  after: string | undefined,
): Promise<RemovedData> {
  const page = await directory.endpoints.list({ app, limit: ENDPOINTS_PER_STEP, cursor: after });
  const erased = page.items.flatMap((endpoint) =>
    eachShard(objects, endpoint, (dispatcher) => dispatcher.erase(resource)),
  );
  const deliveries = (await Promise.all(erased)).reduce((sum, rows) => sum + rows, 0);
  if (page.nextCursor !== null)
    return { ...NOTHING, deliveries, nextCursor: writeCursor(["endpoints", page.nextCursor]) };
  // Last, so that the location is listed until all else is gone.
  const directoryRows = await directory.installations.remove({ app, resource });
  return { ...NOTHING, deliveries, directoryRows };
}

/**
 * One step of removing everything the gateway stores of a location. A step may be repeated, and what is gone is counted once. The data
 * stays gone only once the app is uninstalled at HighLevel, which sends events until then.
 */
export async function removeLocationData(
  context: ActionContext,
  { app, id, cursor }: DataRemoval,
): Promise<RemovedData> {
  checkApp(context.config, app);
  const ref = { app, resource: { kind: "location", id } as const };
  const { phase, after } = readPosition(cursor);
  if (phase === undefined) return begin(context, ref);
  return phase === "inboxes" ? listedInboxes(context, ref) : endpoints(context, ref, after);
}
