import type { JsonObject } from "../json.ts";

export interface Overlay {
  readonly file: string;
}

export function applyOverlays(
  documents: readonly { name: string; document: JsonObject }[],
  _overlays: readonly Overlay[],
): { documents: JsonObject[]; actions: number } {
  return { documents: documents.map((entry) => entry.document), actions: 0 };
}
