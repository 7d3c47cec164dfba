/**
 * Largest number of fields of one form or query. HighLevel's Webhook action sends one for each custom field of a contact, a few hundred at
 * most. The limit bounds the work that a stranger can cause.
 */
export const MAX_FIELDS = 2_000;

/** Returns the problem of a form or a query with too many fields; undefined when it is valid. */
export function fieldsProblem(pairs: URLSearchParams, what: "form" | "query"): string | undefined {
  return pairs.size > MAX_FIELDS ? `the ${what} must have at most ${MAX_FIELDS} fields, got ${pairs.size}` : undefined;
}
