import { diffDocuments } from "../../src/diff/diff.ts";
import type { SpecDocument } from "../../src/diff/input/document.ts";
import { readSpecDocuments } from "../../src/diff/input/read.ts";
import type { DiffResult } from "../../src/diff/model.ts";
import type { Json, JsonObject } from "../../src/json.ts";

/** Files as `diff` would read them from a folder. */
export function documentsOf(files: Readonly<Record<string, Json | string>>): Promise<SpecDocument[]> {
  const encoder = new TextEncoder();
  const bytes = Object.entries(files).map(
    ([path, value]) => [path, encoder.encode(typeof value === "string" ? value : JSON.stringify(value))] as const,
  );
  return readSpecDocuments({ label: "test", files: new Map(bytes), only: undefined });
}

/** The difference of two single documents. */
export async function diffOf(before: JsonObject, after: JsonObject): Promise<DiffResult> {
  return diffDocuments(await documentsOf({ "api.json": before }), await documentsOf({ "api.json": after }));
}

/** `breaking enum-values-removed POST /orders query sort`: a finding in one line. */
export function lines({ findings }: DiffResult): string[] {
  return findings.map(({ class: name, kind, schema, path, reaches }) =>
    [name, kind, schema === undefined ? reaches[0]?.operation : schema, path].filter((part) => part !== "").join(" "),
  );
}
