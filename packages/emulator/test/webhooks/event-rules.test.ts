import { eventNames, eventOf, schemas, type WebhookEventName } from "@ghl-edge/webhooks";
import { describe, expect, test } from "vitest";
import { createRecordStore, type RecordChange } from "../../src/api/records/store.ts";
import { resolveOptions } from "../../src/core/options/resolve-options.ts";
import { createRandom } from "../../src/core/random.ts";
import { createState } from "../../src/core/state.ts";
import { seedRecords } from "../../src/seed/seed-records.ts";
import { payloadOf } from "../../src/webhooks/event-payload.ts";
import { EVENT_RULES, eventsOf } from "../../src/webhooks/event-rules.ts";
import { LOCATION } from "../support.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Events of which no change of a record is the cause: `webhooks.deliver` sends a sample of each. */
const WITHOUT_A_CHANGE: Readonly<Record<string, readonly WebhookEventName[]>> = {
  "the app's own lifecycle (install and uninstall are announced by the token endpoint and `uninstall`)": [
    ...(["AppInstall", "AppUninstall", "AppUpdate", "AppPaymentStatus", "PlanChange"] as const),
    ...(["ExternalAuthConnected", "SaaSPlanCreate"] as const),
  ],
  "happens outside of the API": ["CampaignStatusUpdate", "LCEmailStats", "VoiceAiCallEnd"],
  "goes to a conversation provider's own URL": ["ProviderOutboundMessage"],
  "only the name is published": [
    "ConversationUpdate",
    "SupportTicketCreate",
    "SupportTicketUpdate",
    "SupportTicketDelete",
  ],
  "the emulator remembers no knowledge bases": [
    ...(["KnowledgeBaseCreate", "KnowledgeBaseUpdate", "KnowledgeBaseDelete", "KnowledgeBaseFileChange"] as const),
    ...(["KnowledgeBaseFaqChange", "KnowledgeBaseRichTextChange", "KnowledgeBaseTableFileChange"] as const),
    "KnowledgeBaseTrainedUrlChange",
  ],
};

/** Records of collections that are not seeded. */
const MADE: Readonly<Record<string, Fields>> = {
  associations: { id: "a1", key: "owner", firstObjectKey: "contact", secondObjectKey: "custom_objects.vehicle" },
  relations: { id: "r1", associationId: "a1", firstRecordId: "c1", secondRecordId: "v1" },
};

/** Changes that cause the events that need a certain change. */
const CHANGES: Readonly<Record<string, readonly Fields[]>> = {
  contacts: [{ tags: ["x"] }, { dnd: true }, { city: "Nowhere" }],
  "contact tasks": [{ completed: true }],
  opportunities: [{ pipelineStageId: "s", status: "lost", monetaryValue: 1, assignedTo: "u" }],
  conversations: [{ unreadCount: 7 }],
  invoices: [{ name: "x" }, { status: "paid" }, { status: "partially_paid" }, { status: "void" }, { status: "sent" }],
  orders: [{ status: "refunded" }],
};

/** Every change that a rule knows, made of seeded records. */
function allChanges(): readonly RecordChange[] {
  const options = resolveOptions({ seedRecords: "small", now: () => 1_780_000_000_000 });
  const state = createState(options);
  seedRecords({ options, state, random: createRandom("x") });
  return Object.keys(EVENT_RULES).flatMap((collection) => {
    const seeded = state.records.all(collection);
    const made = createRecordStore();
    const data = MADE[collection];
    if (data !== undefined) {
      const id = String(data.id);
      made.insert(collection, { id, owner: LOCATION, parent: undefined, createdAtMs: 0, data });
    }
    const records = [...seeded, ...made.all(collection)];
    const record = records[0] ?? expect.fail(`nothing in ${collection}`);
    const changed = (CHANGES[collection] ?? [{ changed: true }]).map((change): RecordChange => {
      const before = change.status === "sent" ? { ...record.data, status: "draft" } : record.data;
      return { collection, kind: "update", record, before, after: { ...record.data, ...change } };
    });
    const ends = records.flatMap((one): RecordChange[] => [
      { collection, kind: "create", record: one, before: {}, after: one.data },
      { collection, kind: "delete", record: one, before: one.data, after: one.data },
    ]);
    return [...changed, ...ends];
  });
}

describe("the table of events", () => {
  const sent = new Map<WebhookEventName, RecordChange>();
  for (const change of allChanges()) for (const event of eventsOf(change)) sent.set(event, change);

  test("the table of events names every event of HighLevel's list, or says why no change of a record sends it", () => {
    const rest = Object.values(WITHOUT_A_CHANGE).flat();
    expect([...sent.keys(), ...rest].toSorted()).toEqual([...eventNames].toSorted());
  });

  test("the table of events makes payloads that a webhook handler names and accepts", () => {
    for (const [event, change] of sent) {
      const payload = payloadOf(event, change, "company");
      expect(eventOf(payload).name, event).toBe(event);
      expect(schemas[event]["~standard"].validate(payload), event).toEqual({ value: payload });
      expect(JSON.stringify(payload), event).not.toContain("sample-");
    }
  });

  test("the table of events finds no change in a write that repeats the current values", () => {
    for (const change of allChanges()) {
      const same = { ...change, kind: "update", before: change.after } as const;
      expect(eventsOf(same), change.collection).toEqual([]);
      const stamped = { ...same, after: { ...change.after, dateUpdated: "now", updatedAt: "now" } };
      expect(eventsOf(stamped), change.collection).toEqual([]);
    }
  });
});
