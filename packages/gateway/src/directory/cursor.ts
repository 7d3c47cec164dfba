import { fromBase64Url, toBase64Url } from "@ghl-edge/core";
import type { Page, PageRequest } from "../domain/administration-model.ts";
import { GatewayError } from "../platform/errors.ts";

export const DEFAULT_LIMIT = 50;
export const MAX_LIMIT = 200;

/** Position after a row: its key columns. Opaque to the caller, but holds nothing secret, so it is not signed. */
export function writeCursor(key: readonly string[]): string {
  return toBase64Url(new TextEncoder().encode(JSON.stringify(key)));
}

/** The key columns, or as many empty texts, which come before every row. */
export function readCursor(cursor: string | undefined, columns: number): readonly string[] {
  if (cursor === undefined) return Array.from({ length: columns }, () => "");
  try {
    const bytes = fromBase64Url(cursor);
    const key: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes));
    if (Array.isArray(key) && key.length === columns && key.every((part) => typeof part === "string")) return key;
  } catch {
    // Falls through: whatever it was, it is not ours.
  }
  throw new GatewayError({ kind: "input_invalid", problem: "cursor is not one that this list gave out" });
}

/** Makes a page of one row more than asked for: the surplus row says that there is a next page. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  { limit }: PageRequest,
  { item, key }: { readonly item: (row: Row) => Item; readonly key: (row: Row) => readonly string[] },
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const nextCursor = rows.length > limit && last !== undefined ? writeCursor(key(last)) : null;
  return { items: shown.map(item), nextCursor };
}
