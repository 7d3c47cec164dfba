import { demandWritable } from "../call/url.ts";
import { GhlError } from "../errors/errors.ts";
import type { ParameterStyle } from "../operation-table.ts";

/** Notation of a value: the members of a `ParameterRow` and of an `EncodingRow`. */
export interface Notation {
  readonly s?: ParameterStyle | undefined;
  readonly e?: boolean | undefined;
  readonly r?: true | undefined;
}

/** Writes the characters of one name or value. */
export type Encode = (text: string) => string;

/** Notation of a value, with the encoder of its characters. */
export interface EncodedNotation extends Notation {
  readonly encode: Encode;
}

/** A name and a value, both as they are sent. */
export type Pair = readonly [name: string, value: string];

/** Reason why a value cannot be written. The caller knows which parameter it is. */
export class Unwritable extends Error {}

type Plain = Readonly<Record<string, unknown>>;

export const percent: Encode = (text) => encodeURIComponent(text);
export const asIs: Encode = (text) => text;

/** Leaves what RFC 3986 reserves, but for what would end the value: `#`, `&`, `+` and `=`. */
const reserved: Encode = (text) =>
  encodeURIComponent(text).replace(/%(?:3A|2F|3F|40|24|2C|3B|5B|5D)/g, decodeURIComponent);

export const encodeOf = ({ r }: Notation): Encode => (r ? reserved : percent);

/** An object with members to write: no list, and none of the platform's (a Map, a Blob, a Date). */
export function isPlain(value: unknown): value is Plain {
  return Object.prototype.toString.call(value) === "[object Object]";
}

/** A single value as text. Throws for what has no one text: nothing, a list, a Map, a function, NaN. */
export function textOf(value: unknown): string {
  if (typeof value === "string" || typeof value === "boolean" || typeof value === "bigint") return `${value}`;
  if (typeof value === "number" && Number.isFinite(value)) return `${value}`;
  if (value instanceof Date && !Number.isNaN(+value)) return value.toISOString();
  throw new Unwritable(`must be a text, a boolean, a finite number or a Date, got ${nameOf(value)}`);
}

function nameOf(value: unknown): string {
  if (value === null || typeof value !== "object") return String(value === null ? value : typeof value);
  if (Array.isArray(value)) return "a list in a list";
  return isPlain(value) ? "an object in an object or list" : Object.prototype.toString.call(value).slice(8, -1);
}

/** JSON, or an error instead of `{}` or nothing for what JSON would lose. Throws for a cycle. */
export function jsonOf(value: unknown): string {
  try {
    demandWritable("value", value, {});
  } catch (cause) {
    throw cause instanceof GhlError ? new Unwritable("holds what JSON would lose") : cause;
  }
  return JSON.stringify(value);
}

/** Members that are there: `undefined` is not, `null` is nothing to write either. */
export function membersOf(value: Plain): [name: string, value: unknown][] {
  return Object.entries(value).filter(([, member]) => member != null);
}

/** The parts of a value, each encoded: one, those of a list, or names and values of an object in turn. */
export function partsOf(value: unknown, encode: Encode, join = ""): string[] {
  const write = (part: unknown): string => encode(textOf(part));
  if (Array.isArray(value)) return value.map(write);
  if (!isPlain(value)) return [write(value)];
  return membersOf(value).flatMap(([name, member]) =>
    join ? [`${encode(name)}${join}${write(member)}`] : [encode(name), write(member)],
  );
}

const DELIMITERS: Readonly<Record<string, string>> = { spaceDelimited: "%20", pipeDelimited: "%7C" };

/** A value as pairs of a query or a form: OpenAPI 3.1, section 4.8.12.2. */
export function pairsOf(name: string, value: unknown, { encode, ...notation }: EncodedNotation): Pair[] {
  const { s: style = "form", e: explode = style === "form" } = notation;
  const key = encode === asIs ? name : percent(name);
  if (style === "json") return [[key, encode(jsonOf(value))]];
  if (style === "deepObject") return deepPairs(key, value, encode);
  if (explode && Array.isArray(value)) return partsOf(value, encode).map((text) => [key, text]);
  if (explode && isPlain(value)) {
    return membersOf(value).map(([member, part]) => [encode(member), encode(textOf(part))]);
  }
  const parts = partsOf(value, encode);
  const delimiter = DELIMITERS[style] ?? ",";
  return parts.length ? [[key, parts.join(encode === asIs ? decodeURIComponent(delimiter) : delimiter)]] : [];
}

/** `filter[name]=x`, `filter[tags][0]=a`: as PHP, Rails, qs and Stripe read it; OpenAPI leaves depth and lists open. */
export function deepPairs(key: string, value: unknown, encode: Encode): Pair[] {
  const open = encode === asIs ? ["[", "]"] : ["%5B", "%5D"];
  const members = Array.isArray(value) ? [...value.entries()] : isPlain(value) ? membersOf(value) : undefined;
  if (!members) return [[key, encode(textOf(value))]];
  return members.flatMap(([name, member]) =>
    deepPairs(`${key}${open[0]}${encode === asIs ? name : percent(`${name}`)}${open[1]}`, member, encode),
  );
}
