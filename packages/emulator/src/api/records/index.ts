import type { Behaviours } from "./call.ts";
import { associations } from "./modules/associations.ts";
import { businesses } from "./modules/businesses.ts";
import { calendars } from "./modules/calendars.ts";
import { contacts } from "./modules/contacts.ts";
import { conversations } from "./modules/conversations.ts";
import { invoices } from "./modules/invoices.ts";
import { locations } from "./modules/locations.ts";
import { objects } from "./modules/objects.ts";
import { opportunities } from "./modules/opportunities.ts";
import { payments } from "./modules/payments.ts";
import { products } from "./modules/products.ts";
import { users } from "./modules/users.ts";

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
