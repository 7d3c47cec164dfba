import { isObject, tryParseUntrustedJson } from "@ghl-edge/core";

/** Fields by name. HighLevel and its users write them in several formats: nested, flat, as JSON text, in brackets. */
export type Fields = Readonly<Record<string, unknown>>;

/** All values of each name, in order. */
export type Lists = Readonly<Record<string, readonly string[]>>;

/** Matches HighLevel's ids: 20 letters and digits, 24 hexadecimal digits, or UUIDs. An unfilled merge field does not match. */
const ID = /^[\w-]{1,64}$/;

/** Collects the values in one pass. `getAll` for each name would take quadratic time. */
export function listsOf(pairs: URLSearchParams): Lists {
  const lists = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const values = lists.get(name);
    if (values === undefined) lists.set(name, [value]);
    else values.push(value);
  }
  return Object.fromEntries(lists);
}

/** Returns the value of each name, or the list when there are several. */
export function fieldsOfLists(lists: Lists): Fields {
  return Object.fromEntries(
    Object.entries(lists).map(([name, values]) => [name, new Set(values).size === 1 ? values[0] : values]),
  );
}

/** Reads an object, or JSON text of one. */
export function objectOf(value: unknown): Fields | undefined {
  if (isObject(value)) return value;
  if (typeof value !== "string" || !value.trim().startsWith("{")) return undefined;
  const parsed = tryParseUntrustedJson(value);
  return isObject(parsed) ? parsed : undefined;
}

/** Returns the member of `name.member` or `name[member]`, for a key that begins with `name`. Deeper members are not needed. */
function memberOf(key: string, name: string): string | undefined {
  const [, dotted, bracketed] = /^(?:\.(.+)|\[([^[\]]+)\])$/s.exec(key.slice(name.length)) ?? [];
  return dotted ?? bracketed;
}

/** Returns the members of `name`: from an object, from JSON text, or from keys such as `name.member` and `name[member]`. */
export function membersOf(fields: Fields, name: string): Fields {
  const flat: [string, unknown][] = [];
  // This runs for some dozen names. A list of pairs for each would take seconds for a body of 100,000 fields.
  for (const key of Object.keys(fields)) {
    if (!key.startsWith(name)) continue;
    const member = memberOf(key, name);
    if (member !== undefined) flat.push([member, fields[key]]);
  }
  return { ...Object.fromEntries(flat), ...objectOf(fields[name]) };
}

/** Returns the first candidate that is an id. */
export function firstId(candidates: readonly unknown[]): string | undefined {
  return candidates.find((value): value is string => typeof value === "string" && ID.test(value.trim()))?.trim();
}

/** Returns the first candidate that is a non-empty string. */
export function firstText(candidates: readonly unknown[]): string | undefined {
  return candidates.find((value): value is string => typeof value === "string" && value.trim() !== "");
}
