/** A property name as TypeScript wants it: bare where it can be. */
export function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

/** Text that can stand inside a block comment on one line. */
export function commentText(text: string): string {
  return text.replaceAll("*/", "*\\/").replace(/\s+/g, " ");
}

/** The words of code, without those in comments and strings. */
export function wordsIn(code: string): ReadonlySet<string> {
  return new Set(code.replace(/\/\*.*?\*\/|"(?:[^"\\]|\\.)*"/gs, "").match(/[\p{L}\p{N}_$]+/gu));
}

/** The type of an optional member that may be given as undefined under `exactOptionalPropertyTypes`. */
export function orUndefined(type: string): string {
  return type === "unknown" ? type : `${type} | undefined`;
}
