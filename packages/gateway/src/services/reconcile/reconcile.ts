import { readCursor, writeCursor } from "../../directory/cursor.ts";
import { type InstallationRef, targetOf } from "../../directory/installations.ts";
import {
  invalid,
  optional,
  readBoolean,
  readChoice,
  readList,
  readMembers,
  readResource,
  readText,
  readWhole,
} from "../administration/input.ts";
import { checkApp, known } from "../administration/shared.ts";
import { MAX_TIME_MS } from "../administration/wanted.ts";
import { changesPage, type RepairOptions, readPosition } from "./changes-page.ts";
import { closeGaps, inboxesSince } from "./gaps.ts";
import {
  type Position,
  REPAIR_MODULE_NAMES,
  type RepairModule,
  type RepairModuleName,
  repairModules,
} from "./modules.ts";

/** Calls to HighLevel of one request. Each may ask an inbox for every day and store an event for every record. */
export const PAGES_PER_STEP = 3;
/** Inboxes keep events for 30 days; what changed earlier would all look like gaps. */
export const MAX_BACK_MS = 28 * 86_400_000;
/** Events are kept so much longer than what is asked for. */
const KEPT_LONGER_MS = 2 * 86_400_000;
/** Younger changes are left alone: their webhooks may be on the way. */
const SETTLE_MS = 120_000;
/** A position is a time and an id. */
const MAX_CURSOR_LENGTH = 500;

export interface Reconcile {
  /** Changes from this time on; at most 28 days back. */
  readonly sinceMs: number;
  /** Default: all that there are. */
  readonly modules?: readonly RepairModuleName[];
  /** Count, and do nothing. */
  readonly dryRun?: boolean;
  /** `nextCursor` of the step before; all else stays as it was. */
  readonly cursor?: string;
}

/** Of one step. */
export interface ModuleReport {
  readonly module: RepairModuleName;
  /** Changes that were looked at. */
  readonly checked: number;
  /** Those that no event told of. */
  readonly gaps: number;
  /** Why the module was given up; null: it was not. */
  readonly refused: string | null;
}

export interface Reconciled {
  /** Those that the step has come to. */
  readonly modules: readonly ModuleReport[];
  readonly nextCursor: string | null;
}

export interface RepairOperations {
  /** One step: events for what changed at HighLevel and no webhook told of. */
  reconcileLocation(ref: InstallationRef, wanted: Reconcile): Promise<Reconciled>;
}

interface Place {
  readonly module: RepairModule;
  readonly position: Position | undefined;
}

function readPlace(cursor: string, modules: readonly RepairModule[]): Place {
  const [name, text = ""] = readCursor(cursor, 2);
  const module = modules.find((one) => one.name === name);
  let position: Position | undefined;
  try {
    position = text === "" ? undefined : readPosition(JSON.parse(text));
  } catch {
    // Refused below: it is none of ours.
  }
  if (module === undefined || (text !== "" && position === undefined))
    throw invalid("cursor is not one that was given out here, for these modules");
  return { module, position };
}

const writePlace = ({ module, position }: Place): string =>
  writeCursor([module.name, position === undefined ? "" : JSON.stringify(position)]);

function readReconcile(value: unknown, { nowMs, retentionMs }: { nowMs: number; retentionMs: number }) {
  const { sinceMs, modules, dryRun, cursor } = readMembers("a repair", value, [
    "sinceMs",
    "modules",
    "dryRun",
    "cursor",
  ]);
  const readModule = (name: unknown): RepairModuleName => {
    const known = readChoice("a module", name, REPAIR_MODULE_NAMES);
    if (known === undefined) throw invalid(`a module is one of ${REPAIR_MODULE_NAMES.join(", ")}`);
    return known;
  };
  const since = readWhole("sinceMs", sinceMs, { min: 0, max: MAX_TIME_MS });
  // Of what is not kept any more every change would look like a gap.
  const maxBackMs = Math.min(MAX_BACK_MS, retentionMs - KEPT_LONGER_MS);
  if (since < nowMs - maxBackMs)
    throw invalid(`sinceMs must be at most ${maxBackMs / 86_400_000} days back: what came earlier is not kept`);
  const names =
    readList("modules", modules, { min: 1, max: repairModules.length, read: readModule }) ?? REPAIR_MODULE_NAMES;
  const chosen = repairModules.filter(({ name }) => names.includes(name));
  const from = optional(cursor, (text) => readPlace(readText("cursor", text, MAX_CURSOR_LENGTH), chosen));
  return {
    sinceMs: since,
    modules: chosen,
    dryRun: optional(dryRun, (flag) => readBoolean("dryRun", flag)) ?? false,
    from: from ?? { module: chosen[0]!, position: undefined },
  };
}

/**
 * Looks at what changed in a location, newest first, and tells of each change that no event of the days since told of.
 * Stateless, and of bounded work. Asking twice tells once: the event is named by record and time of change.
 */
export async function reconcileLocation(
  options: RepairOptions,
  { app, resource }: InstallationRef,
  wanted: Reconcile,
): Promise<Reconciled> {
  const { config, directory, change } = options;
  checkApp(config, app);
  const ref = { app, resource: readResource(resource) };
  if (ref.resource.kind !== "location") throw invalid("only a location can be repaired");
  const { sinceMs, modules, dryRun, from } = readReconcile(wanted, {
    nowMs: change.nowMs,
    retentionMs: config.apps.get(app)!.eventRetentionMs,
  });
  known("installation", await directory.installations.find(ref));
  if (!dryRun)
    await directory.audit.note({ action: "location.reconciled", app, target: targetOf(ref.resource) }, change);
  const inboxes = await inboxesSince(options, ref, { sinceMs, nowMs: change.nowMs });
  const window = { locationId: ref.resource.id, sinceMs, untilMs: change.nowMs - SETTLE_MS };
  const reports = new Map<RepairModuleName, ModuleReport>();
  let place: Place | undefined = from;
  for (let pages = 0; pages < PAGES_PER_STEP && place !== undefined; pages++) {
    const { module, position }: Place = place;
    const before = reports.get(module.name) ?? { module: module.name, checked: 0, gaps: 0, refused: null };
    const page = await changesPage(options, ref, module, { ...window, position });
    const isRefused = "refused" in page;
    const changes = isRefused ? [] : page.changes;
    const gaps = await closeGaps(options, ref, module, { changes, inboxes, dryRun });
    reports.set(module.name, {
      ...before,
      checked: before.checked + changes.length,
      gaps: before.gaps + gaps,
      refused: isRefused ? page.refused : null,
    });
    const following = modules[modules.indexOf(module) + 1];
    if (!isRefused && page.next !== undefined) place = { module, position: page.next };
    else place = following && { module: following, position: undefined };
  }
  return { modules: [...reports.values()], nextCursor: place === undefined ? null : writePlace(place) };
}
