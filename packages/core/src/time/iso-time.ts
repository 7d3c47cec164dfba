/** RFC 3339 date and time, with a zone or without. A date alone, or a text that `Date.parse` would guess at, is not one. */
const ISO_TIME = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:?\d\d)?$/i;

/**
 * Reads an ISO 8601 time, in milliseconds since the epoch. A time without a zone is UTC, not the zone of this machine.
 *
 * @returns `undefined` for anything else, a number and an impossible date included; never `NaN`
 * @see https://www.rfc-editor.org/rfc/rfc3339#section-5.6
 */
export function readIsoTimeMs(value: unknown): number | undefined {
  const match = typeof value === "string" ? ISO_TIME.exec(value) : null;
  if (match === null) return undefined;
  const [, date = "", time, zone = "Z"] = match;
  // `Date.parse` reads an offset only with its colon.
  const timeMs = Date.parse(`${date}T${time}${zone.replace(/^([+-]\d\d)(\d\d)$/, "$1:$2").toUpperCase()}`);
  if (Number.isNaN(timeMs)) return undefined;
  // Some engines read the 30th of February as the 2nd of March. Most dates need no second look, which would cost more than the rest.
  const day = Number(date.slice(8));
  const isInEveryMonth = day <= 28 || (day <= 30 && date.slice(5, 7) !== "02");
  const isPossible = isInEveryMonth || new Date(Date.parse(`${date}T00:00Z`)).toISOString().slice(0, 10) === date;
  return isPossible ? timeMs : undefined;
}
