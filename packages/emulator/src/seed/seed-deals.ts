import type { StoredRecord } from "../api/records/store.ts";
import { addDocument, addRecord, type SeedTarget } from "./add-record.ts";
import type { Setup } from "./seed-setup.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const HALF_HOUR_MS = 1_800_000;

function snapshotOf({ id, data }: StoredRecord): Readonly<Record<string, unknown>> {
  const { name, email, phone, companyName, tags } = data;
  return { id, name, email, phone, companyName, tags, followers: [] };
}

interface SeededContact {
  readonly contact: StoredRecord;
  /** Number of the record among those of its kind, from 0. */
  readonly index: number;
}

/** An opportunity of a contact in one of the pipeline's stages. */
export function seedOpportunity(target: SeedTarget, { contact, index }: SeededContact, setup: Setup): void {
  const { stageIds, pipelineId } = setup;
  const agoMs = target.nowMs - contact.createdAtMs - HOUR_MS;
  const at = new Date(target.nowMs - agoMs).toISOString();
  const data = {
    name: `${String(contact.data.name)}: roof`,
    ...{ pipelineId, pipelineStageId: stageIds[index % stageIds.length] },
    status: index % 5 === 4 ? "won" : "open",
    monetaryValue: 500 + 250 * (index % 7),
    ...{ contactId: contact.id, contact: snapshotOf(contact), assignedTo: contact.data.assignedTo },
    ...{ source: contact.data.source, followers: [], customFields: [] },
    ...{ createdAt: at, updatedAt: at, lastStatusChangeAt: at, lastStageChangeAt: at },
  };
  addRecord(target, { collection: "opportunities", data, agoMs });
}

/** An appointment of a contact: one a day from tomorrow on, at noon UTC and half-hours after it. */
export function seedAppointment(target: SeedTarget, { contact, index }: SeededContact, setup: Setup): void {
  const tomorrow = Math.floor(target.nowMs / DAY_MS) * DAY_MS + DAY_MS;
  const startMs = tomorrow + (index % 14) * DAY_MS + 15 * HOUR_MS + Math.floor(index / 14) * HALF_HOUR_MS;
  const data = {
    ...{ calendarId: setup.calendar.id, contactId: contact.id, assignedUserId: contact.data.assignedTo },
    title: `Discovery call with ${String(contact.data.name)}`,
    ...{ appointmentStatus: "confirmed", isRecurring: false, deleted: false, address: "", users: [] },
    startTime: new Date(startMs).toISOString(),
    endTime: new Date(startMs + HALF_HOUR_MS).toISOString(),
  };
  addRecord(target, { collection: "calendar events", data, agoMs: target.nowMs - contact.createdAtMs - HOUR_MS });
}

/** Seeds a purchase of a contact: an order, paid or still pending, and an open invoice. */
export function seedPurchase(target: SeedTarget, { contact, index }: SeededContact, { products }: Setup): void {
  const { product, price } = products[index % products.length]!;
  const agoMs = target.nowMs - contact.createdAtMs - 2 * HOUR_MS;
  const { amount, currency } = price.data;
  const buyer = { contactId: contact.id, contactName: contact.data.name, contactEmail: contact.data.email };
  const sale = { ...buyer, amount, currency, liveMode: true };
  const isPaid = index % 2 === 0;
  const about = { fulfillmentStatus: "unfulfilled", sourceType: "funnel", subtotal: amount, discount: 0 };
  const order = addDocument(target, {
    collection: "orders",
    data: { ...sale, ...about, status: isPaid ? "completed" : "pending" },
    agoMs,
  });
  if (isPaid) {
    const payment = { entityType: "order", entityId: order.id, entitySourceType: "funnel", amountRefunded: 0 };
    addDocument(target, { collection: "transactions", data: { ...sale, ...payment, status: "succeeded" }, agoMs });
  }
  const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
  const invoice = {
    ...{ name: product.data.name, title: "INVOICE", status: "sent", liveMode: true, currency },
    invoiceNumber: String(index + 1).padStart(6, "0"),
    ...{ total: amount, amountPaid: 0, amountDue: amount },
    contactDetails: { id: contact.id, name: contact.data.name, email: contact.data.email, phoneNo: contact.data.phone },
    ...{ issueDate: day(target.nowMs - agoMs), dueDate: day(target.nowMs - agoMs + 14 * DAY_MS) },
    invoiceItems: [{ name: product.data.name, productId: product.id, priceId: price.id, currency, amount, qty: 1 }],
  };
  addDocument(target, { collection: "invoices", data: invoice, agoMs });
}

/** Notes, a task and a vehicle of a contact. */
export function seedDetails(target: SeedTarget, contact: StoredRecord, index: number): void {
  const agoMs = target.nowMs - contact.createdAtMs - HOUR_MS;
  const of = { contactId: contact.id, assignedTo: contact.data.assignedTo };
  const note = { contactId: contact.id, userId: of.assignedTo, body: "Prefers to be called in the morning." };
  addRecord(target, { collection: "contact notes", data: note, agoMs, parent: contact.id });
  const dueDate = new Date(target.nowMs + 3 * DAY_MS).toISOString();
  const task = { ...of, title: "Send the quote", body: "", dueDate, completed: false };
  addRecord(target, { collection: "contact tasks", data: task, agoMs, parent: contact.id });
  const objectKey = "custom_objects.vehicle";
  const times = {
    createdAt: new Date(target.nowMs - agoMs).toISOString(),
    updatedAt: new Date(target.nowMs - agoMs).toISOString(),
  };
  const vehicle = { objectKey, properties: { name: `Van ${index + 1}`, seats: 3 }, owner: [], followers: [], ...times };
  addRecord(target, { collection: "records", data: vehicle, agoMs, parent: objectKey });
}
