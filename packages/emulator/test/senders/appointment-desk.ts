import { Calendars } from "@ghl-edge/client/v2/calendars";
import { Opportunities } from "@ghl-edge/client/v2/opportunities";
import type { Location } from "./location.ts";

/** A booking desk: free slots of a day, an appointment without an end, then one with everything, then a change. */
export async function appointmentDesk(location: Location, contactId: string): Promise<void> {
  const calendars = location.use(Calendars);
  const calendarId = "calendar";
  await calendars.getSlots({ calendarId, startDate: 1_780_000_000_000, endDate: 1_780_086_400_000 });
  const { id } = await calendars.createAppointment({
    body: {
      calendarId,
      contactId,
      startTime: "2026-06-01T09:00:00Z",
      title: "Ada - check-up",
      appointmentStatus: "confirmed",
    },
  });
  await calendars.createAppointment({
    body: {
      calendarId,
      contactId,
      startTime: "2026-06-01T10:00:00Z",
      endTime: "2026-06-01T10:30:00Z",
      title: "Ada - check-up",
      appointmentStatus: "confirmed",
      assignedUserId: "user",
      ignoreDateRange: true,
      ignoreFreeSlotValidation: true,
      toNotify: false,
    },
  });
  await location.use(Opportunities).upsertOpportunity({
    body: { pipelineId: "pipeline", name: "Ada - check-up", status: "open", contactId, monetaryValue: 120 },
  });
  await calendars.editAppointment({ eventId: id, body: { title: "Ada - moved", toNotify: false } });
}
