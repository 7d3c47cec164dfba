import { parseForeignJson } from "../http/foreign-json.ts";

/** Reading what HighLevel and its users write in several forms: nested, flat, as JSON text, in brackets. */
export type Fields = Readonly<Record<string, unknown>>;

/** Every value of each name, in order. */
export type Lists = Readonly<Record<string, readonly string[]>>;

/** As HighLevel writes ids: 20 letters and digits, 24 hexadecimal digits, UUIDs. A merge field that was not filled is none. */
const ID = /^[\w-]{1,64}$/;

export const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** One pass: asking for each name's values again would take time by the square of their number. */
export function listsOf(pairs: URLSearchParams): Lists {
  const lists = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const values = lists.get(name);
    if (values === undefined) lists.set(name, [value]);
    else values.push(value);
  }
  return Object.fromEntries(lists);
}

/** The one value of each name; the list where there are several. */
export function fieldsOfLists(lists: Lists): Fields {
  return Object.fromEntries(
    Object.entries(lists).map(([name, values]) => [name, new Set(values).size === 1 ? values[0] : values]),
  );
}

/** An object, or one as JSON text. */
export function objectOf(value: unknown): Fields | undefined {
  if (isObject(value)) return value;
  if (typeof value !== "string" || !value.trim().startsWith("{")) return undefined;
  try {
    const parsed = parseForeignJson(value);
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Of `name.member` and `name[member]` the member, for a key that begins with `name`. Deeper ones are nobody's that is looked for here. */
function memberOf(key: string, name: string): string | undefined {
  const [, dotted, bracketed] = /^(?:\.(.+)|\[([^[\]]+)\])$/s.exec(key.slice(name.length)) ?? [];
  return dotted ?? bracketed;
}

/** The members of `name`, whether it is an object, one as JSON text, or written `name.member` or `name[member]`. */
export function membersOf(fields: Fields, name: string): Fields {
  const flat: [string, unknown][] = [];
  // Looked for under some dozen names: a list of pairs for each would take seconds for a body of 100,000 fields.
  for (const key of Object.keys(fields)) {
    if (!key.startsWith(name)) continue;
    const member = memberOf(key, name);
    if (member !== undefined) flat.push([member, fields[key]]);
  }
  return { ...Object.fromEntries(flat), ...objectOf(fields[name]) };
}

/** The first that is an id. */
export function firstId(candidates: readonly unknown[]): string | undefined {
  return candidates.find((value): value is string => typeof value === "string" && ID.test(value.trim()))?.trim();
}

/** The first that says something. */
export function firstText(candidates: readonly unknown[]): string | undefined {
  return candidates.find((value): value is string => typeof value === "string" && value.trim() !== "");
}
