import type { WebhookEventName } from "@ghl-edge/webhooks";
import type { RecordChange } from "../api/records/store.ts";

type Fields = Readonly<Record<string, unknown>>;

/** The events that creation, change and deletion of a record of one collection send. */
interface EventRule {
  readonly create?: (after: Fields) => WebhookEventName;
  readonly update?: (changed: ReadonlySet<string>, after: Fields) => readonly (WebhookEventName | undefined)[];
  readonly delete?: WebhookEventName;
}

/** Members that change with every write and carry no information. */
const STAMPS: ReadonlySet<string> = new Set(["dateUpdated", "updatedAt", "lastStatusChangeAt", "lastStageChangeAt"]);

function changedMembers({ before, after }: RecordChange): ReadonlySet<string> {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const differs = (name: string): boolean => JSON.stringify(before[name]) !== JSON.stringify(after[name]);
  return new Set([...names].filter((name) => !STAMPS.has(name) && differs(name)));
}

function hasAny(changed: ReadonlySet<string>, names: readonly string[]): boolean {
  return names.some((name) => changed.has(name));
}

const DND = ["dnd", "dndSettings", "inboundDndSettings"];

/** An invoice's events by the status it goes to; any other change is an update. */
const INVOICE_STATUS: Readonly<Record<string, WebhookEventName>> = {
  sent: "InvoiceSent",
  paid: "InvoicePaid",
  partially_paid: "InvoicePartiallyPaid",
  void: "InvoiceVoid",
};

/** Create, update and delete as the event's first word has them. */
function plain<P extends "Appointment" | "Note" | "Product" | "Price" | "Record" | "Association" | "User">(
  prefix: P,
): EventRule {
  return {
    create: () => `${prefix}Create`,
    update: () => [`${prefix}Update`],
    delete: `${prefix}Delete`,
  };
}

/**
 * Rules by collection. An event depends on what a record has become, not on the call that did it. Adding a tag by the contact, by
 * the bulk call or by an upsert is the same `ContactTagUpdate`. What HighLevel sends beside the specific event is documented nowhere:
 * opportunities send `OpportunityUpdate` too, contacts send `ContactUpdate` only for what has no event of its own.
 */
export const EVENT_RULES: Readonly<Record<string, EventRule>> = {
  contacts: {
    create: () => "ContactCreate",
    update: (changed) => [
      changed.has("tags") ? "ContactTagUpdate" : undefined,
      hasAny(changed, DND) ? "ContactDndUpdate" : undefined,
      [...changed].some((name) => name !== "tags" && !DND.includes(name)) ? "ContactUpdate" : undefined,
    ],
    delete: "ContactDelete",
  },
  "contact notes": plain("Note"),
  "contact tasks": {
    create: () => "TaskCreate",
    // HighLevel has no TaskUpdate.
    update: (changed, after) => [changed.has("completed") && after.completed === true ? "TaskComplete" : undefined],
    delete: "TaskDelete",
  },
  opportunities: {
    create: () => "OpportunityCreate",
    update: (changed) => [
      "OpportunityUpdate",
      hasAny(changed, ["pipelineId", "pipelineStageId"]) ? "OpportunityStageUpdate" : undefined,
      changed.has("status") ? "OpportunityStatusUpdate" : undefined,
      changed.has("monetaryValue") ? "OpportunityMonetaryValueUpdate" : undefined,
      changed.has("assignedTo") ? "OpportunityAssignedToUpdate" : undefined,
    ],
    delete: "OpportunityDelete",
  },
  "calendar events": plain("Appointment"),
  messages: { create: ({ direction }) => (direction === "inbound" ? "InboundMessage" : "OutboundMessage") },
  conversations: {
    update: (changed) => [changed.has("unreadCount") ? "ConversationUnreadWebhook" : undefined],
  },
  invoices: {
    create: () => "InvoiceCreate",
    update: (changed, { status }) => [
      (changed.has("status") ? INVOICE_STATUS[String(status)] : undefined) ?? "InvoiceUpdate",
    ],
    delete: "InvoiceDelete",
  },
  locations: { create: () => "LocationCreate", update: () => ["LocationUpdate"] },
  users: plain("User"),
  products: plain("Product"),
  prices: plain("Price"),
  orders: {
    create: () => "OrderCreate",
    update: (changed) => [changed.has("status") ? "OrderStatusUpdate" : undefined],
  },
  "object schemas": { create: () => "ObjectSchemaCreate", update: () => ["ObjectSchemaUpdate"] },
  records: plain("Record"),
  associations: plain("Association"),
  relations: { create: () => "RelationCreate", delete: "RelationDelete" },
};

/** The events that a change sends, in order; none for a change of what has no events. */
export function eventsOf(change: RecordChange): readonly WebhookEventName[] {
  const rule = EVENT_RULES[change.collection];
  if (rule === undefined) return [];
  if (change.kind === "create") return rule.create === undefined ? [] : [rule.create(change.after)];
  if (change.kind === "delete") return rule.delete === undefined ? [] : [rule.delete];
  const changed = changedMembers(change);
  if (changed.size === 0) return [];
  return (rule.update?.(changed, change.after) ?? []).filter((name) => name !== undefined);
}
