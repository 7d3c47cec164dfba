import { type CallContext, ParameterError } from "./errors.ts";

/** Parameters by wire name, path and query together; `body` is not one of them. */
export type Params = Readonly<Record<string, unknown>>;

/** A value as text: a Date as ISO 8601, another object as JSON. Throws for an invalid Date. */
export function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Throws for half of a surrogate pair. */
const encode = (value: unknown): string => encodeURIComponent(textOf(value));

/**
 * Path and query of one call. A parameter of the template goes into the path and must be there; `.` and `..` would
 * climb to another operation and are refused (RFC 3986 section 5.2.4); an array is joined by commas. All others go into the query: `undefined` and
 * `null` are left out, an array is repeated, or joined by commas where `commas` names it, a Date is written as ISO 8601.
 */
export function urlOf(
  template: string,
  params: Params,
  commas: readonly string[] | undefined,
  context: CallContext,
): string {
  let url = template.replace(/{([^}]+)}/g, (_, parameter: string) => {
    const text = [params[parameter] ?? ""].flat().map(encode).join();
    if (!text || /^\.\.?$/.test(text)) {
      throw new ParameterError(`${parameter} is missing, or is no path segment`, {
        ...context,
        parameter,
      } as CallContext);
    }
    return text;
  });
  let mark = "?";
  for (const name in params) {
    const value = params[name];
    if (value == null || name === "body" || template.includes(`{${name}}`)) continue;
    const texts = [value].flat().map(encode);
    for (const text of texts[1] && commas?.includes(name) ? [texts.join()] : texts) {
      url += `${mark}${encode(name)}=${text}`;
      mark = "&";
    }
  }
  return url;
}
