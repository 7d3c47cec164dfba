import { describe, expect, it } from "vitest";
import { daysOfArrival } from "../../../src/domain/events/event-days.ts";

const fromMs = Date.UTC(2026, 10, 24, 12);

describe("days of inboxes for a time of arrival", () => {
  it("the days of inboxes begin as early as an event may be delayed, and end as late as a clock may differ", () => {
    expect(daysOfArrival({ fromMs, toMs: fromMs + 1, quarantined: false })).toEqual({
      fromDay: "2026-11-14",
      toDay: "2026-11-25",
    });
    expect(daysOfArrival({ fromMs, quarantined: false })).toEqual({ fromDay: "2026-11-14" });
    expect(daysOfArrival({ fromMs: 0, quarantined: false })).toEqual({ fromDay: "1970-01-01" });
  });

  it("the days of inboxes are all days when quarantined events are included", () => {
    expect(daysOfArrival({ fromMs, toMs: fromMs })).toEqual({});
    expect(daysOfArrival({ fromMs, toMs: fromMs, quarantined: true })).toEqual({});
  });
});
