import type { StoredRecord } from "../api/records/store.ts";
import { createPersona, type Persona, pick } from "../api/values/persona.ts";
import { TOWNS, type Town } from "../api/values/words.ts";
import { addRecord, type SeedTarget } from "./add-record.ts";

const HOUR_MS = 3_600_000;
/** 555-0100 to 555-0199. */
const LINES = 100;
const TAGS = ["lead", "customer", "newsletter", "vip"];
const SOURCES = ["public api", "Website form", "Referral"];

export interface SeedPeople {
  readonly userIds: readonly string[];
  readonly customFieldIds: readonly string[];
}

/** Area codes that no town has: for more people than the towns have fictional numbers. */
const OTHER_AREAS: readonly string[] = Array.from({ length: 800 }, (_, index) => String(200 + index)).filter((code) =>
  TOWNS.every(({ areaCode }) => areaCode !== code),
);

/** A number that no other contact of the location has, in the town of the contact as long as there are any. */
function phoneOf(index: number, town: Town): string {
  const inTown = Math.floor(index / TOWNS.length);
  const beyond = index - TOWNS.length * LINES;
  const area = beyond < 0 ? town.areaCode : OTHER_AREAS[Math.floor(beyond / LINES) % OTHER_AREAS.length]!;
  const line = beyond < 0 ? inTown : beyond % LINES;
  return `+1${area}555${String(100 + line).padStart(4, "0")}`;
}

/** Two people of one name have different addresses: a contact is found by its e-mail address. */
function emailOf({ email }: Persona, taken: Map<string, number>): string {
  const times = (taken.get(email) ?? 0) + 1;
  taken.set(email, times);
  return times === 1 ? email : email.replace("@", `${times}@`);
}

/** Contacts with names, numbers, addresses, tags and custom fields, newest first and six hours apart. */
export function seedContacts(
  target: SeedTarget,
  count: number,
  { userIds, customFieldIds }: SeedPeople,
): StoredRecord[] {
  const { random } = target;
  const taken = new Map<string, number>();
  return Array.from({ length: count }, (_, index) => {
    const persona = createPersona(random);
    const town = TOWNS[index % TOWNS.length]!;
    const { city, state, postalCode, country, timezone } = town;
    const data = {
      firstName: persona.firstName,
      lastName: persona.lastName,
      name: persona.fullName,
      contactName: persona.fullName,
      email: emailOf(persona, taken),
      phone: phoneOf(index, town),
      companyName: persona.company,
      ...{ address1: persona.street, city, state, postalCode, country, timezone },
      website: persona.website,
      dateOfBirth: persona.dateOfBirth,
      source: pick(SOURCES, random),
      type: "lead",
      dnd: false,
      tags: [TAGS[index % TAGS.length]!],
      assignedTo: pick(userIds, random),
      followers: [],
      customFields: customFieldIds.map((id, field) => ({ id, value: field === 0 ? "mornings" : "Referral" })),
      additionalEmails: [],
      additionalPhones: [],
    };
    return addRecord(target, { collection: "contacts", data, agoMs: (index + 1) * 6 * HOUR_MS });
  });
}
