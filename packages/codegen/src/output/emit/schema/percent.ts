/** A character of the private use area that stands for `%` while openapi-typescript handles names. */
const STAND_IN = "\ue025";

/**
 * openapi-typescript 7.13.0 percent-decodes the pointers it makes of property names, so a name with a `%` in it ends in
 * a URIError. Such a value is handed over with a stand-in; `$ref`s are real pointers and stay.
 */
export function hidePercent<T>(value: T): T {
  const text = JSON.stringify(value);
  if (text === undefined || !text.includes("%")) return value;
  return JSON.parse(text.replaceAll("%", STAND_IN), (key, member) =>
    key === "$ref" && typeof member === "string" ? showPercent(member) : member,
  ) as T;
}

export function showPercent(text: string): string {
  // the printer escapes what is not ASCII in names
  return text.replaceAll(STAND_IN, "%").replaceAll("\\uE025", "%");
}
