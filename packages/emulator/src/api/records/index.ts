import { calendars } from "./calendars.ts";
import type { Behaviours } from "./call.ts";
import { contacts } from "./contacts.ts";
import { conversations } from "./conversations.ts";
import { invoices } from "./invoices.ts";
import { opportunities } from "./opportunities.ts";

/** Modules that remember what was created, of both generations. Their other operations are answered from the schema. */
export const behaviours: Readonly<Record<string, Behaviours>> = {
  contacts,
  opportunities,
  conversations,
  calendars,
  invoices,
};
