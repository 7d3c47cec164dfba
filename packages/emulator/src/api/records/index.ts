import { associations } from "./associations.ts";
import { businesses } from "./businesses.ts";
import { calendars } from "./calendars.ts";
import type { Behaviours } from "./call.ts";
import { contacts } from "./contacts.ts";
import { conversations } from "./conversations.ts";
import { invoices } from "./invoices.ts";
import { locations } from "./locations.ts";
import { objects } from "./objects.ts";
import { opportunities } from "./opportunities.ts";
import { payments } from "./payments.ts";
import { products } from "./products.ts";
import { users } from "./users.ts";

/** Modules that remember what was created, of both generations. Their other operations are answered from the schema. */
export const behaviours: Readonly<Record<string, Behaviours>> = {
  associations,
  businesses,
  calendars,
  contacts,
  conversations,
  invoices,
  locations,
  objects,
  opportunities,
  payments,
  products,
  users,
};
