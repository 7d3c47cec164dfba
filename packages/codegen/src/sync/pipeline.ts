import { distil } from "../distil/distil.ts";
import { printDocument } from "../distil/print.ts";
import { parseSource } from "../load/documents.ts";
import type { Source } from "../load/source.ts";
import { applyOverlays, type Overlay } from "../overlay/overlay.ts";
import { repair } from "../repair/repair.ts";
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
  const output = new Map<string, string>();
  const repairs = new Map<string, number>();
  const names = new Map<string, string>();
  for (const file of files.keys()) names.set(file, file);
  const overlaid = applyOverlays(
    documents.map((upstream) => {
      const { document, log } = repair(upstream.document, { file: upstream.file, files });
      for (const [rule, pointers] of log) repairs.set(rule, (repairs.get(rule) ?? 0) + pointers.length);
      return { name: `${upstream.api}/${upstream.module}`, document };
    }),
    overlays,
  );
  documents.forEach(({ api, module, file }, index) => {
    const name = `${api}/${module}`;
    names.set(file, name);
    const document = overlaid.documents[index];
    if (document !== undefined)
      output.set(`${name}.json`, printDocument(distil(document, { title: module, version: api })));
  });
  output.set("sources.lock.json", printLock(makeLock(source, names, previousLock)));
  return { files: output, repairs, overlayActions: overlaid.actions, documents: documents.length };
}
