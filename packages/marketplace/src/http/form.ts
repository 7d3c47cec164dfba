/**
 * Most fields of one form or query. HighLevel's Webhook action sends one for each custom field of a contact, a few hundred at
 * most; the bound keeps what a stranger can make the rest of a handler work through.
 */
export const MAX_FIELDS = 2_000;

/** Returns what is wrong with a form or a query that has too many fields; undefined when it is good. */
export function fieldsProblem(pairs: URLSearchParams, what: "form" | "query"): string | undefined {
  return pairs.size > MAX_FIELDS ? `the ${what} must have at most ${MAX_FIELDS} fields, got ${pairs.size}` : undefined;
}
