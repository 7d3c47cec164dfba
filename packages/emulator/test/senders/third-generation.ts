import { Calendars } from "@ghl-edge/client/v3/calendars";
import { Contacts } from "@ghl-edge/client/v3/contacts";
import { Conversations } from "@ghl-edge/client/v3/conversations";
import { Invoices } from "@ghl-edge/client/v3/invoices";
import { Opportunities } from "@ghl-edge/client/v3/opportunities";
import type { Location } from "./location.ts";

/** The calls of the other senders, with the third generation's names. */
export async function thirdGeneration(location: Location, contactId: string, invoiceId: string): Promise<void> {
  const contacts = location.use(Contacts);
  await contacts.upsertContact({
    body: { email: "ada@example.com", source: "website", customFields: [{ id: "cf-brief", value: "A new roof" }] },
  });
  await contacts.updateContact({
    contactId,
    body: {
      customFields: [
        { key: "lesson_progress", field_value: "40" },
        { key: "lessons_done", fieldValue: 4 },
        { key: "sms_consent", fieldValue: true },
        { key: "interests", fieldValue: ["cobol"] },
      ],
    },
  });
  await location.use(Conversations).sendANewMessage({ body: { type: "SMS", contactId, message: "Hello" } });
  await location.use(Calendars).createAppointment({
    body: { calendarId: "calendar", contactId, startTime: "2026-06-01T09:00:00Z", title: "Check-up" },
  });
  const opportunities = location.use(Opportunities);
  const page = await opportunities.searchOpportunity({ limit: 50 });
  const { startAfter, startAfterId } = page.meta ?? {};
  if (startAfter !== undefined && startAfter !== null && startAfterId) {
    await opportunities.searchOpportunity({ limit: 50, startAfter, startAfterId });
  }
  await opportunities.searchOpportunitiesAdvanced({
    body: { limit: 50, page: 1, searchAfter: [1_625_203_104_328, "opp"] },
  });
  await location.use(Invoices).sendInvoice({ invoiceId, body: { action: "email", liveMode: true } });
}
