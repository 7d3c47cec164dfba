import type { JsonObject } from "../../json/json.ts";

/** The bytes of a distilled document: one-space indent, final newline. */
export function printDocument(document: JsonObject): string {
  return `${JSON.stringify(document, null, 1)}\n`;
}
