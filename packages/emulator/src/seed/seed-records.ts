import type { CoreContext } from "../core/core-context.ts";
import { createRandom } from "../core/random.ts";
import { seedContacts } from "./seed-contacts.ts";
import { seedConversation } from "./seed-conversations.ts";
import { seedAppointment, seedDetails, seedOpportunity, seedPurchase } from "./seed-deals.ts";
import { seedLocations } from "./seed-locations.ts";
import { seedSetup } from "./seed-setup.ts";
import type { SeedRecords } from "./seeded-contacts.ts";

/** Contacts per location. */
const SMALL = 10;

function contactsOf(seedRecords: SeedRecords): number {
  if (seedRecords === "off") return 0;
  return seedRecords === "small" ? SMALL : seedRecords;
}

/**
 * Fills the memory from the seed: the same seed gives the same records with the same ids, whose times count back from now. Draws
 * from randomness of its own, so that what a test creates has the same ids with and without.
 */
export function seedRecords(context: CoreContext): void {
  const { options, state } = context;
  seedLocations(context);
  const count = contactsOf(options.seedRecords);
  for (const { id: locationId } of count > 0 ? options.company.locations : []) {
    const random = createRandom(`${options.seed} records ${locationId}`);
    const target = { store: state.records, random, locationId, nowMs: options.now() };
    const setup = seedSetup(target);
    for (const [index, contact] of seedContacts(target, count, setup).entries()) {
      if (index % 2 === 0) seedConversation(target, contact);
      if (index % 2 === 0) seedOpportunity(target, { contact, index: index / 2 }, setup);
      if (index % 3 === 0) seedAppointment(target, { contact, index: index / 3 }, setup);
      if (index % 4 === 0) seedPurchase(target, { contact, index: index / 4 }, setup);
      if (index % 3 === 1) seedDetails(target, contact, (index - 1) / 3);
      // Seeding is no change by a client: no webhooks are sent for it.
      state.records.takeChanges();
    }
  }
  state.records.takeChanges();
}
