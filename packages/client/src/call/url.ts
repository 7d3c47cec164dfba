import { type CallContext, type GhlError, makeError } from "../errors/errors.ts";

/** Parameters by wire name, path and query together; `body` is not one of them. */
export type Params = Readonly<Record<string, unknown>>;

/** Types that text and JSON can carry. JSON makes `{}` or nothing of others (a Map, a Promise, a function, a file). */
const WRITABLE = /^(String|Boolean|BigInt|Object)$/;

/** Type of a value, for example `Map`. It never says the value itself. */
export const kindOf = (value: unknown): string => ({}).toString.call(value).slice(8, -1);

const unwritable = (parameter: string, got: unknown, context: CallContext): GhlError =>
  makeError("PARAMETER", `${parameter} must be text or JSON, got ${got}`, { ...context, parameter });

/**
 * Checks a value that is about to be written. The caller decides about `undefined` and `null`.
 *
 * @throws {ParameterError} that names the field whose value would be lost
 */
export function demandWritable(parameter: string, value: unknown, context: CallContext): void {
  // Most values are texts. They skip the walk, which takes a part of the time of every call.
  if (value == null || typeof value === "string") return;
  const { toJSON } = value as { toJSON?: unknown };
  const isList = Array.isArray(value);
  // NaN and an invalid Date are `null` in JSON, which clears a field at HighLevel
  const isNumber = typeof value === "number" || value instanceof Date;
  const isWritable = isNumber ? Number.isFinite(+value) : isList || toJSON || WRITABLE.test(kindOf(value));
  if (!isWritable) throw unwritable(parameter, isNumber ? value : kindOf(value), context);
  if (typeof value !== "object" || toJSON) return;
  if (isList) for (const item of value) demandWritable(parameter, item, context);
  else for (const key in value) demandWritable(key, value[key as never], context);
}

/**
 * Writes a value as text: a Date as ISO 8601, another object as JSON.
 *
 * @throws {ParameterError} for `undefined`, `null`, and a value that text cannot carry
 */
export function textOf(name: string, value: unknown, context: CallContext): string {
  if (value == null) throw unwritable(name, value, context);
  demandWritable(name, value, context);
  if (value instanceof Date) return value.toISOString();
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/**
 * Writes path and query of one call.
 *
 * A parameter of the template goes into the path and must be present; an array is joined by commas. `.` and `..` would lead
 * to another operation and are refused (RFC 3986 section 5.2.4). All other parameters go into the query. `undefined` and
 * `null` are left out, but refused in an array. An array is repeated, or joined by commas if `commas` names it.
 */
export function urlOf(
  params: Params,
  context: CallContext & { readonly path: string },
  commas?: readonly string[],
): string {
  const template = context.path;
  /** The values of one parameter. Throws for half of a surrogate pair. */
  const encode = (name: string, given = params[name] ?? []): string[] =>
    (Array.isArray(given) ? given : [given]).map((value) => encodeURIComponent(textOf(name, value, context)));
  let url = template.replace(/{([^}]+)}/g, (_, parameter: string) => {
    const text = encode(parameter).join();
    if (/^\.{0,2}$/.test(text)) {
      throw makeError("PARAMETER", `${parameter} must be a path segment, got "${text}"`, { ...context, parameter });
    }
    return text;
  });
  let mark = "?";
  for (const name in params) {
    if (name === "body" || template.includes(`{${name}}`)) continue;
    const texts = encode(name);
    for (const text of texts[1] && commas?.includes(name) ? [texts.join()] : texts) {
      url += `${mark}${encodeURIComponent(name)}=${text}`;
      mark = "&";
    }
  }
  return url;
}
