import { OverlayNoEffectError, OverlayTargetError } from "../../errors.ts";
import type { JsonObject } from "../../json/json.ts";
import { distil } from "../distil/distil.ts";
import { printDocument } from "../distil/print.ts";
import { EXAMPLES_FILE, printFindings } from "../evidence/examples/example-file.ts";
import { type ExampleFindings, findInExamples } from "../evidence/examples/example-shapes.ts";
import { carryExamples } from "../evidence/examples/examples.ts";
import { parseSource } from "../load/documents.ts";
import type { Source } from "../load/source/source.ts";
import { applyOverlays } from "../overlay/apply.ts";
import type { Overlay } from "../overlay/overlay.ts";
import { repair } from "../repair/repair.ts";
import { RULE_NAMES } from "../repair/rules.ts";
import { type Lock, lockedOrigin, makeLock, printLock } from "./lock.ts";

/** Input of {@link sync}. */
export interface SyncInput {
  readonly source: Source;
  readonly overlays: readonly Overlay[];
  readonly previousLock: Lock | undefined;
  /**
   * The overlays are those that come with this package, made for all of HighLevel's documents: those for a document that
   * the source does not hold are left out. Default: such an overlay is an error.
   */
  readonly packagedOverlays?: boolean | undefined;
}

/** Result of {@link sync}. */
export interface SyncResult {
  /** Text by path below the output folder: `v3/contacts.json`, …, `sources.lock.json`. */
  readonly files: ReadonlyMap<string, string>;
  /** Corrections by repair rule. */
  readonly repairs: ReadonlyMap<string, number>;
  readonly overlayActions: number;
  readonly documents: number;
}

/**
 * Repairs, overlays and distils the documents of a source without touching a disk. The same input gives the same bytes.
 * Examples that do not fit their schemas are written beside the documents, because the distilled form contains no example.
 *
 * @returns The text of every file, with the number of corrections
 * @throws {OverlayTargetError} when the target of an overlay is gone (`ERR_GHL_CODEGEN_OVERLAY_TARGET`)
 * @throws {OverlayNoEffectError} when an overlay changes nothing (`ERR_GHL_CODEGEN_OVERLAY_NO_EFFECT`)
 * @throws {UnresolvedReferenceError} when a reference has no target (`ERR_GHL_CODEGEN_UNRESOLVED_REF`)
 * @example
 * ```ts
 * import { openSource, readOverlays, sync } from "@ghl-edge/codegen";
 *
 * const { files } = sync({
 *   source: await openSource({ from: "highlevel-api-docs" }),
 *   overlays: await readOverlays("openapi/overlays"),
 *   previousLock: undefined,
 * });
 * ```
 */
export function sync({ source, overlays, previousLock, packagedOverlays = false }: SyncInput): SyncResult {
  const { documents, files } = parseSource(source);
  const names = new Map([...files.keys()].map((file) => [file, file]));
  const repairs = new Map<string, number>(RULE_NAMES.map((name) => [name, 0]));
  const repaired = new Map<string, JsonObject>();
  for (const { api, module, file, document: upstream } of documents) {
    const { document, log } = repair(upstream, { file, files });
    for (const [rule, pointers] of log) repairs.set(rule, (repairs.get(rule) ?? 0) + pointers.length);
    repaired.set(`${api}/${module}`, document);
    names.set(file, `${api}/${module}`);
  }
  const overlayActions = packagedOverlays
    ? applyPackaged(repaired, overlays, previousLock)
    : applyOverlays(repaired, overlays);
  const output = new Map<string, string>();
  const findings = new Map<string, ExampleFindings>();
  for (const { api, module } of documents) {
    const name = `${api}/${module}`;
    const document = repaired.get(name) ?? {};
    const identity = { title: module, version: api };
    output.set(`${name}.json`, printDocument(distil(document, identity)));
    findings.set(name, findInExamples(distil(carryExamples(document), identity)));
  }
  output.set(EXAMPLES_FILE, printFindings(findings));
  output.set("sources.lock.json", printLock(makeLock(source, names, previousLock)));
  return { files: output, repairs, overlayActions, documents: documents.length };
}

/** A user cannot correct the package's overlays: the error says which documents they fit, and what else can be done. */
function applyPackaged(
  documents: ReadonlyMap<string, JsonObject>,
  overlays: readonly Overlay[],
  lock: Lock | undefined,
): number {
  const due = overlays.map((overlay) => ({
    ...overlay,
    documents: overlay.documents.filter((name) => documents.has(name)),
  }));
  try {
    return applyOverlays(documents, due);
  } catch (error) {
    if (!(error instanceof OverlayTargetError || error instanceof OverlayNoEffectError)) throw error;
    const { commit } = lockedOrigin(lock);
    const fits = commit === undefined ? "other documents" : `commit ${commit}`;
    const message = `${error.message}\n  The overlays of this package are made for ${fits}; copy and correct them, and name the copy with --overlays`;
    const position = { file: error.file, pointer: error.pointer };
    throw error instanceof OverlayTargetError
      ? new OverlayTargetError(message, position, { cause: error })
      : new OverlayNoEffectError(message, position, { cause: error });
  }
}
