import type { JsonObject } from "../../json/json.ts";

/**
 * Prints a distilled document: one-space indent, final newline.
 *
 * @param document - The distilled document
 * @returns The text of its file
 * @example
 * ```ts
 * import { loadDocument, printDocument } from "@ghl-edge/codegen";
 *
 * const text = printDocument(await loadDocument("petstore.yaml"));
 * ```
 */
export function printDocument(document: JsonObject): string {
  return `${JSON.stringify(document, null, 1)}\n`;
}
