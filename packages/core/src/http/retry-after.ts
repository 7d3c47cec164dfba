/**
 * Reads `Retry-After` as a wait in milliseconds from now. A time in the past is 0.
 *
 * @param headers - Headers of the response
 * @param nowMs - Current time in milliseconds since the epoch, which a date is compared with
 * @returns `undefined` where the header is absent, or is neither a number of seconds nor an HTTP date with a zone
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
 */
export function readRetryAfterMs(headers: Pick<Headers, "get">, nowMs: number): number | undefined {
  const value = headers.get("retry-after") || "-";
  // `Date.parse` would guess at any text without a zone: "5 apples" would be a day in May.
  const waitMs = /GMT$/.test(value) ? Date.parse(value) - nowMs : Number(value) * 1_000;
  return Number.isFinite(waitMs) ? Math.max(0, waitMs) : undefined;
}

/**
 * Writes a wait as `Retry-After`: whole seconds, rounded up, at least 1, so that nobody asks again at once.
 *
 * @param waitMs - Wait in milliseconds
 * @returns The value of the header
 */
export const retryAfterValue = (waitMs: number): string => String(Math.max(1, Math.ceil(waitMs / 1_000)));
