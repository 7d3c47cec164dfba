import type { StoredRecord } from "../api/records/store.ts";
import { createPersona, slugOf } from "../api/values/persona.ts";
import { addDocument, addRecord, type SeedTarget } from "./add-record.ts";

/** Age of the records that a location has before its first contact. */
const YEAR_MS = 365 * 86_400_000;
const STAGES = ["New lead", "Contacted", "Proposal sent", "Negotiation"];
const USERS = 2;
const WEEKDAYS = [1, 2, 3, 4, 5];

export interface Setup {
  readonly userIds: readonly string[];
  readonly customFieldIds: readonly string[];
  readonly pipelineId: string;
  readonly stageIds: readonly string[];
  readonly calendar: StoredRecord;
  readonly products: readonly { readonly product: StoredRecord; readonly price: StoredRecord }[];
}

function addUser(target: SeedTarget): string {
  const { firstName, lastName, fullName: name, email, phone } = createPersona(target.random);
  const roles = { type: "account", role: "user", locationIds: [target.locationId] };
  const data = { firstName, lastName, name, email, phone, deleted: false, roles, permissions: {} };
  return addRecord(target, { collection: "users", data, agoMs: YEAR_MS }).id;
}

function addCustomField(target: SeedTarget, name: string, more: Readonly<Record<string, unknown>>): string {
  const fieldKey = `contact.${slugOf(name).replaceAll("-", "_")}`;
  const data = { name, fieldKey, model: "contact", documentType: "field", placeholder: "", position: 0, ...more };
  return addRecord(target, { collection: "custom fields", data, agoMs: YEAR_MS, parent: target.locationId }).id;
}

function addCalendar(target: SeedTarget, userIds: readonly string[]): StoredRecord {
  const hours = [{ openHour: 9, openMinute: 0, closeHour: 17, closeMinute: 0 }];
  const data = {
    name: "Discovery call",
    description: "Half an hour to get to know each other.",
    slug: `discovery-call-${target.random.hex(4)}`,
    calendarType: "round_robin",
    isActive: true,
    eventColor: "#3f51b5",
    slotDuration: 30,
    slotDurationUnit: "mins",
    slotInterval: 30,
    slotIntervalUnit: "mins",
    openHours: WEEKDAYS.map((day) => ({ daysOfTheWeek: [day], hours })),
    teamMembers: userIds.map((userId) => ({ userId, priority: 0.5, isPrimary: userId === userIds[0] })),
  };
  return addRecord(target, { collection: "calendars", data, agoMs: YEAR_MS });
}

function addProduct(target: SeedTarget, name: string, amount: number) {
  const { locationId } = target;
  const about = { locationId, name, description: `${name} by our own people.`, productType: "SERVICE" };
  const data = { ...about, availableInStore: true, variants: [] };
  const product = addDocument(target, { collection: "products", data, agoMs: YEAR_MS });
  const cost = { locationId, product: product.id, name: "Standard", type: "one_time", currency: "USD", amount };
  const price = addDocument(target, { collection: "prices", data: cost, agoMs: YEAR_MS, parent: product.id });
  return { product, price };
}

/** Seeds the setup that an agency makes before the first contact: people, fields, tags, a pipeline, a calendar, products, a custom object. */
export function seedSetup(target: SeedTarget): Setup {
  const { random, locationId } = target;
  const userIds = Array.from({ length: USERS }, () => addUser(target));
  const picklistOptions = ["Referral", "Search", "Advertisement"];
  const customFieldIds = [
    addCustomField(target, "Preferred time", { dataType: "TEXT" }),
    addCustomField(target, "Referred by", { dataType: "SINGLE_OPTIONS", picklistOptions }),
  ];
  for (const name of ["lead", "customer", "newsletter", "vip"])
    addRecord(target, { collection: "tags", data: { name }, agoMs: YEAR_MS, parent: locationId });
  const value = { name: "Office hours", fieldKey: "{{ custom_values.office_hours }}", value: "Mon-Fri 9-17" };
  addRecord(target, {
    collection: "custom values",
    data: { ...value, documentType: "customValue" },
    agoMs: YEAR_MS,
    parent: locationId,
  });
  // Stages have UUIDs, as in the documents' examples.
  const stages = STAGES.map((name, position) => ({
    id: random.uuid(),
    name,
    position,
    showInFunnel: true,
    showInPieChart: true,
  }));
  const shown = { name: "Sales pipeline", showInFunnel: true, showInPieChart: true, stages };
  const pipeline = addRecord(target, { collection: "pipelines", data: shown, agoMs: YEAR_MS });
  addRecord(target, {
    collection: "object schemas",
    data: {
      key: "custom_objects.vehicle",
      labels: { singular: "Vehicle", plural: "Vehicles" },
      description: "Cars and vans of our customers.",
      primaryDisplayProperty: "custom_objects.vehicle.name",
      standard: false,
      type: "USER_DEFINED",
    },
    agoMs: YEAR_MS,
  });
  return {
    userIds,
    customFieldIds,
    pipelineId: pipeline.id,
    stageIds: stages.map(({ id }) => id),
    calendar: addCalendar(target, userIds),
    products: [addProduct(target, "Roof inspection", 180), addProduct(target, "Maintenance plan", 49)],
  };
}
