import type { Behaviour, Fields, RecordCall } from "../call.ts";
import { iso } from "../call.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** HighLevel answers for 31 days at most. */
const MAX_DAYS = 31;
const DEFAULT_OPEN = { openHour: 9, openMinute: 0, closeHour: 17, closeMinute: 0 };

type Hours = typeof DEFAULT_OPEN;

/** Offset of a time zone from UTC at a moment, in ms. */
function offsetAt(ms: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const parts = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1000) * 1000;
}

/** `2026-12-01T09:00:00-05:00`. */
function withOffset(ms: number, offsetMs: number): string {
  const minutes = Math.abs(offsetMs) / MINUTE_MS;
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  const sign = offsetMs < 0 ? "-" : "+";
  return `${iso(ms + offsetMs).slice(0, 19)}${sign}${two(minutes / 60)}:${two(minutes % 60)}`;
}

/** Opening hours of a weekday, 0 is Sunday: those of the calendar, or nine to five from Monday to Friday. */
function hoursOf(calendar: Fields, weekday: number): readonly Hours[] {
  const { openHours } = calendar;
  if (!Array.isArray(openHours) || openHours.length === 0) return weekday % 6 === 0 ? [] : [DEFAULT_OPEN];
  return (openHours as { daysOfTheWeek?: number[]; hours?: Hours[] }[])
    .filter(({ daysOfTheWeek = [] }) => daysOfTheWeek.includes(weekday))
    .flatMap(({ hours = [] }) => hours);
}

function minutesOf(value: unknown, unit: unknown): number {
  const minutes = Number(value) * (unit === "hours" ? 60 : 1);
  return Number.isFinite(minutes) && minutes > 0 ? minutes : 30;
}

function isKnownZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone }) !== undefined;
  } catch {
    return false;
  }
}

function zoneOf(call: RecordCall): string {
  const timezone = call.query.get("timezone");
  if (timezone !== null && isKnownZone(timezone)) return timezone;
  const own = call.store.get("locations", call.locationId ?? "")?.data.timezone;
  return typeof own === "string" && isKnownZone(own) ? own : "UTC";
}

/** Times that are taken in a calendar: appointments that were not cancelled, and blocked slots. */
function takenIn(call: RecordCall, calendarId: string): readonly (readonly [from: number, to: number])[] {
  return [...call.store.all("calendar events"), ...call.store.all("blocked slots")]
    .filter(({ data }) => data.calendarId === calendarId && data.appointmentStatus !== "cancelled")
    .map(({ data }) => [Date.parse(String(data.startTime)), Date.parse(String(data.endTime))] as const);
}

/** `GET /calendars/{calendarId}/free-slots`: by day in the zone that was asked for, what nobody has booked. */
export const freeSlots: Behaviour = (call) => {
  const { calendarId = "" } = call.params;
  const calendar = call.store.get("calendars", calendarId)?.data;
  // A calendar nobody has made is answered by its schema, or refused.
  if (calendar === undefined && call.strict) return undefined;
  const fromMs = Number(call.query.get("startDate"));
  const untilMs = Math.min(Number(call.query.get("endDate")), fromMs + MAX_DAYS * DAY_MS);
  if (!(fromMs <= untilMs)) return undefined;
  const zone = zoneOf(call);
  const durationMs = minutesOf(calendar?.slotDuration, calendar?.slotDurationUnit) * MINUTE_MS;
  const intervalMs =
    minutesOf(calendar?.slotInterval ?? calendar?.slotDuration, calendar?.slotIntervalUnit) * MINUTE_MS;
  const taken = takenIn(call, calendarId);
  const days: Record<string, { slots: string[] }> = {};
  const firstDay = Math.floor((fromMs + offsetAt(fromMs, zone)) / DAY_MS) * DAY_MS;
  for (let day = firstDay; day <= untilMs + offsetAt(untilMs, zone); day += DAY_MS) {
    const slots: string[] = [];
    for (const { openHour, openMinute, closeHour, closeMinute } of hoursOf(calendar ?? {}, new Date(day).getUTCDay())) {
      const close = day + (closeHour * 60 + closeMinute) * MINUTE_MS;
      for (let wall = day + (openHour * 60 + openMinute) * MINUTE_MS; wall + durationMs <= close; wall += intervalMs) {
        const offset = offsetAt(wall - offsetAt(wall, zone), zone);
        const at = wall - offset;
        const isTaken = taken.some(([from, to]) => at < to && at + durationMs > from);
        if (at >= Math.max(fromMs, call.nowMs) && at <= untilMs && !isTaken) slots.push(withOffset(at, offset));
      }
    }
    if (slots.length > 0) days[iso(day).slice(0, 10)] = { slots };
  }
  return { body: days };
};
