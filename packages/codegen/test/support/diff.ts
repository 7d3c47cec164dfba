import { diffDocuments } from "../../src/compare/diff.ts";
import type { DiffResult } from "../../src/compare/model.ts";
import type { SpecDocument } from "../../src/compare/read/document.ts";
import { readSpecDocuments } from "../../src/compare/read/read.ts";
import type { Json, JsonObject } from "../../src/json/json.ts";

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
