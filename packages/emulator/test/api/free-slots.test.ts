import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ask, clockedEmulator, json, LOCATION } from "../support.ts";

const DAY_MS = 86_400_000;
const scopes = ["calendars.readonly", "calendars.write", "calendars/events.readonly", "calendars/events.write"];

function booking() {
  const { emulator, clock } = clockedEmulator({
    seedRecords: 40,
    rateLimit: { max: 100_000, intervalMs: 10_000, daily: 1_000_000 },
    privateTokens: [{ token: "pit", resource: { kind: "location", id: LOCATION }, scopes }],
  });
  const call = (method: string, path: string, body?: unknown) =>
    json(
      ask(emulator, path, {
        method,
        headers: { authorization: "Bearer pit", version: "v3", "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
  const free = async (
    id: string,
    [from, to]: readonly [number, number],
    timezone: string,
  ): Promise<Record<string, string[]>> => {
    const query = new URLSearchParams({ startDate: String(from), endDate: String(to), timezone });
    const { traceId: _trace, ...days } = await call("GET", `/calendars/${id}/free-slots?${query}`);
    return Object.fromEntries(Object.entries(days).map(([day, value]) => [day, (value as { slots: string[] }).slots]));
  };
  const calendar = async () => {
    const { calendars } = await call("GET", `/calendars/?locationId=${LOCATION}`);
    return (calendars as { id: string }[])[0]!.id;
  };
  return { clock, call, free, calendar };
}

describe("free slots", () => {
  test("free slots lie in opening hours and in the day they are listed under, in any zone, across changes of the clocks", async () => {
    const { clock, free, calendar } = booking();
    const id = await calendar();
    const zones = ["UTC", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Kiritimati"];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...zones), fc.integer({ min: 0, max: 400 }), async (zone, day) => {
        const from = clock.nowMs + day * DAY_MS;
        const days = await free(id, [from, from + 7 * DAY_MS], zone);
        expect(Object.keys(days).length).toBeGreaterThan(3);
        for (const [date, slots] of Object.entries(days))
          for (const slot of slots) {
            expect(slot.slice(0, 10)).toBe(date);
            expect(slot.slice(11, 16) >= "09:00" && slot.slice(11, 16) <= "16:30", slot).toBe(true);
            const wall = new Date(slot).toLocaleString("sv-SE", { timeZone: zone });
            expect(wall.replace(" ", "T").slice(0, 16)).toBe(slot.slice(0, 16));
          }
      }),
      { numRuns: 40 },
    );
  });

  test("free slots are gone when they are booked, and back when the appointment is deleted", async () => {
    const { clock, call, free, calendar } = booking();
    const calendarId = await calendar();
    const slots = async () =>
      Object.values(await free(calendarId, [clock.nowMs, clock.nowMs + 7 * DAY_MS], "UTC")).flat();
    const before = await slots();
    const [first] = before;
    const endTime = new Date(Date.parse(first!) + 1_800_000).toISOString();
    const sent = { calendarId, locationId: LOCATION, contactId: "c", startTime: first, endTime };
    const { id } = await call("POST", "/calendars/events/appointments", sent);
    expect(await slots()).toEqual(before.slice(1));
    await call("DELETE", `/calendars/events/${String(id)}`, {});
    expect(await slots()).toEqual(before);
  });
});
