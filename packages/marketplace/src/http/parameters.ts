import { parseUntrustedJson } from "@ghl-edge/core";

/** All values of each parameter, decoded only as far as the query, form or JSON requires. */
export type Parameters = ReadonlyMap<string, readonly unknown[]>;

/** Turns `locationId[]` and `locationId[3]` into `locationId`. This holds for names in `lists`: other names belong to the app. */
function baseName(name: string, lists: readonly string[]): string {
  const base = name.replace(/\[\d*\]$/, "");
  return lists.includes(base) ? base : name;
}

function collect(entries: Iterable<readonly [string, unknown]>, lists: readonly string[]): Parameters {
  const parameters = new Map<string, unknown[]>();
  for (const [name, value] of entries) {
    const base = baseName(name, lists);
    const values = parameters.get(base);
    if (values === undefined) parameters.set(base, [value]);
    else values.push(value);
  }
  return parameters;
}

export function parametersOfQuery(query: URLSearchParams, lists: readonly string[]): Parameters {
  return collect(query, lists);
}

export function parametersOfObject(object: object, lists: readonly string[]): Parameters {
  return collect(Object.entries(object), lists);
}

/** Returns whether a value is null, absent, empty, or one of their spellings in a query, where everything is text. */
export function isNothing(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  return typeof value === "string" && ["", "null", "undefined"].includes(value.trim());
}

/** Matches characters that no id has. An id with one of them was split wrongly. */
const NOT_IN_AN_ID = /[\s"'[\]{}]/;

function withoutQuotes(text: string): string {
  return text
    .trim()
    .replace(/^"(.*)"$/s, "$1")
    .trim();
}

function textList(text: string): readonly unknown[] {
  const trimmed = text.trim();
  if (trimmed.startsWith("[")) {
    try {
      const parsed = parseUntrustedJson(trimmed);
      // `[123,null]` was written by hand. A number could lose digits of an id.
      if (Array.isArray(parsed) && !parsed.some((item) => typeof item === "number")) return parsed;
    } catch {
      // The brackets surround a comma-separated list.
    }
  }
  // HighLevel's older pages write {"A","B"} (External Authentication, read 2026-11-21).
  const inner = /^(\[.*\]|\{.*\})$/s.test(trimmed) ? trimmed.slice(1, -1) : trimmed;
  return inner.split(",").map(withoutQuotes);
}

/**
 * Reads a list of ids in any format: an array, an array as JSON text, a comma-separated list, one id, or several of these for a repeated
 * key. Returns unique ids in order, or undefined when an item is not a string.
 *
 * @see docs/design/marketplace.md, "Lists": how HighLevel writes a list into a query is unpublished.
 */
export function idList(values: readonly unknown[] = []): string[] | undefined {
  const ids = new Set<string>();
  // Deeper nesting is not a list of ids, and the loop refuses it.
  for (const value of values.flat(2)) {
    if (isNothing(value)) continue;
    if (typeof value !== "string") return undefined;
    for (const id of textList(value)) {
      if (isNothing(id)) continue;
      if (typeof id !== "string" || NOT_IN_AN_ID.test(id.trim())) return undefined;
      ids.add(id.trim());
    }
  }
  return [...ids];
}
