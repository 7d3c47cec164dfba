/** Longest text of an external party that goes into an error message or a log line, in UTF-16 code units. */
export const MAX_EXCERPT_LENGTH = 500;

/** Cuts an external text to `maxLength` code units, without splitting a surrogate pair, and marks the cut with `…`. */
export function excerpt(text: string, maxLength: number = MAX_EXCERPT_LENGTH): string {
  return text.length > maxLength ? `${text.slice(0, maxLength).replace(/[\ud800-\udbff]$/, "")}…` : text;
}
