import { parseForeignJson } from "./foreign-json.ts";

/** The values of one parameter, as many as were sent, undecoded further than its carrier does. */
export type Parameters = ReadonlyMap<string, readonly unknown[]>;

/** `locationId[]` and `locationId[3]` are `locationId`. Only for the names in `lists`: others are somebody's own. */
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

/** Null, absent, empty and their spellings in a query, where everything is text. */
export function isNothing(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  return typeof value === "string" && ["", "null", "undefined"].includes(value.trim());
}

/** No id has these: what does was taken apart wrongly. */
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
      const parsed = parseForeignJson(trimmed);
      // `[123,null]` was written by hand, and a digit more than a number holds must not get lost.
      if (Array.isArray(parsed) && !parsed.some((item) => typeof item === "number")) return parsed;
    } catch {
      // Brackets around a comma list.
    }
  }
  // HighLevel's older pages write {"A","B"} (External Authentication, read 2026-11-21).
  const inner = /^(\[.*\]|\{.*\})$/s.test(trimmed) ? trimmed.slice(1, -1) : trimmed;
  return inner.split(",").map(withoutQuotes);
}

/**
 * A list of ids in whatever form it came: an array, an array as JSON text, a comma list, one id, or several of these for a
 * repeated key. Undefined where something in it is no text. Each id once, in order.
 *
 * @see docs/design/marketplace.md, "Lists": how HighLevel writes a list into a query is unpublished.
 */
export function idList(values: readonly unknown[] = []): string[] | undefined {
  const ids = new Set<string>();
  // Deeper nesting is nobody's list of ids, and is refused below.
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
