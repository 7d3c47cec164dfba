import { readCursor, writeCursor } from "../../directory/cursor.ts";
import { targetOf } from "../../directory/tables/installations.ts";
import { type ActionContext, checkApp, invalid, known } from "../administration/shared.ts";
import { changesPage, readPosition } from "./changes-page.ts";
import { inboxesSince, storeMissedChanges } from "./missed-changes.ts";
import {
  type Position,
  RECONCILE_MODULE_NAMES,
  type ReconcileModule,
  type ReconcileModuleName,
  reconcileModules,
} from "./modules.ts";

/** Calls to HighLevel per step. Each call may query one inbox per day and store one event per record. */
export const PAGES_PER_STEP = 3;
/** Inboxes keep events for 30 days. Every earlier change would look like a missed one. */
export const MAX_BACK_MS = 28 * 86_400_000;
/** Events must be kept this much longer than the window of a reconciliation. */
const EXTRA_RETENTION_MS = 2 * 86_400_000;
/** Newer changes are ignored, because their webhooks may be on the way. */
const SETTLE_MS = 120_000;

export interface Reconcile {
  readonly app: string;
  /** Id of the location. */
  readonly id: string;
  /** Start of the window, at most 28 days back. */
  readonly sinceMs: number;
  /** Default: all modules. */
  readonly modules?: readonly ReconcileModuleName[] | undefined;
  /** Only count missed changes. */
  readonly dryRun: boolean;
  /** `nextCursor` of the previous step, whose other options have to be repeated. */
  readonly cursor?: string | undefined;
}

/** Result of one step for one module. */
export interface ModuleReport {
  readonly module: ReconcileModuleName;
  /** Number of changes that were checked. */
  readonly checked: number;
  /** Number of changes that no event was about. */
  readonly missed: number;
  /** Code of the reason why the module was skipped; null: it was not. */
  readonly refused: string | null;
}

export interface Reconciled {
  /** The modules that this step has reached. */
  readonly modules: readonly ModuleReport[];
  readonly nextCursor: string | null;
}

interface StepPosition {
  readonly module: ReconcileModule;
  readonly position: Position | undefined;
}

function readStepPosition(cursor: string, modules: readonly ReconcileModule[]): StepPosition {
  const [name, text = ""] = readCursor(cursor, 2);
  const module = modules.find((one) => one.name === name);
  let position: Position | undefined;
  try {
    position = text === "" ? undefined : readPosition(JSON.parse(text));
  } catch {
    // Refused below: the cursor was not made here.
  }
  if (module === undefined || (text !== "" && position === undefined))
    throw invalid("cursor must be the nextCursor of the previous step with the same modules, got another text");
  return { module, position };
}

const writeStepPosition = ({ module, position }: StepPosition): string =>
  writeCursor([module.name, position === undefined ? "" : JSON.stringify(position)]);

/** Every change whose events are no longer kept would look like a missed one. */
function checkSince(sinceMs: number, { nowMs, retentionMs }: { readonly nowMs: number; readonly retentionMs: number }) {
  const maxBackMs = Math.min(MAX_BACK_MS, retentionMs - EXTRA_RETENTION_MS);
  if (sinceMs < nowMs - maxBackMs)
    throw invalid(`sinceMs must be at most ${maxBackMs / 86_400_000} days back, got ${sinceMs}`);
}

/**
 * Compares what changed in a location, newest first, with the stored events, and stores an event for each missed change. A step keeps no
 * state and has bounded work. Repeating a step stores nothing twice, because record and time of change name the event.
 */
export async function reconcileLocation(
  context: ActionContext,
  { app, id, sinceMs, modules: names = RECONCILE_MODULE_NAMES, dryRun, cursor }: Reconcile,
): Promise<Reconciled> {
  const { config, directory, change } = context;
  checkApp(config, app);
  checkSince(sinceMs, { nowMs: change.nowMs, retentionMs: config.apps.get(app)!.eventRetentionMs });
  const ref = { app, resource: { kind: "location", id } as const };
  const modules = reconcileModules.filter(({ name }) => names.includes(name));
  const from = cursor === undefined ? { module: modules[0]!, position: undefined } : readStepPosition(cursor, modules);
  known("installation", await directory.installations.find(ref));
  if (!dryRun)
    await directory.audit.note({ action: "location.reconciled", app, target: targetOf(ref.resource) }, change);
  const inboxes = await inboxesSince(context, ref, { sinceMs, nowMs: change.nowMs });
  const window = { locationId: ref.resource.id, sinceMs, untilMs: change.nowMs - SETTLE_MS };
  const reports = new Map<ReconcileModuleName, ModuleReport>();
  let next: StepPosition | undefined = from;
  for (let pages = 0; pages < PAGES_PER_STEP && next !== undefined; pages++) {
    const { module, position }: StepPosition = next;
    const before = reports.get(module.name) ?? { module: module.name, checked: 0, missed: 0, refused: null };
    const page = await changesPage(context, ref, { module, window: { ...window, position } });
    const isRefused = "refused" in page;
    const changes = isRefused ? [] : page.changes;
    const missed = await storeMissedChanges(context, ref, { module, changes, inboxes, dryRun });
    reports.set(module.name, {
      ...before,
      checked: before.checked + changes.length,
      missed: before.missed + missed,
      refused: isRefused ? page.refused : null,
    });
    const following = modules[modules.indexOf(module) + 1];
    if (!isRefused && page.next !== undefined) next = { module, position: page.next };
    else next = following && { module: following, position: undefined };
  }
  return { modules: [...reports.values()], nextCursor: next === undefined ? null : writeStepPosition(next) };
}
