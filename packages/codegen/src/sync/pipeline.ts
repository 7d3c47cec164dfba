import { distil } from "../distil/distil.ts";
import { printDocument } from "../distil/print.ts";
import type { JsonObject } from "../json.ts";
import { parseSource } from "../load/documents.ts";
import type { Source } from "../load/source.ts";
import { applyOverlays } from "../overlay/apply.ts";
import type { Overlay } from "../overlay/overlay.ts";
import { repair } from "../repair/repair.ts";
import { RULE_NAMES } from "../repair/rules.ts";
import { type Lock, makeLock, printLock } from "./lock.ts";

export interface SyncInput {
  readonly source: Source;
  readonly overlays: readonly Overlay[];
  readonly previousLock: Lock | undefined;
}

export interface SyncResult {
  /** Text by path below the output folder: `v3/contacts.json`, …, `sources.lock.json`. */
  readonly files: ReadonlyMap<string, string>;
  /** Corrections by repair rule. */
  readonly repairs: ReadonlyMap<string, number>;
  readonly overlayActions: number;
  readonly documents: number;
}

/** Load → repair → overlay → distil, without touching a disk. The same input gives the same bytes. */
export function sync({ source, overlays, previousLock }: SyncInput): SyncResult {
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
  const overlayActions = applyOverlays(repaired, overlays);
  const output = new Map<string, string>();
  for (const { api, module } of documents) {
    const name = `${api}/${module}`;
    output.set(`${name}.json`, printDocument(distil(repaired.get(name) ?? {}, { title: module, version: api })));
  }
  output.set("sources.lock.json", printLock(makeLock(source, names, previousLock)));
  return { files: output, repairs, overlayActions, documents: documents.length };
}
