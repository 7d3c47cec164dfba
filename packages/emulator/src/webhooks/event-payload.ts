import { isObject } from "@ghl-edge/core";
import { type WebhookEventName, wireType } from "@ghl-edge/webhooks";
import { sampleEvent } from "@ghl-edge/webhooks/testing";
import type { RecordChange } from "../api/records/store.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Events of which only the name is published: they are written as these are. */
const SAME_SHAPE: Partial<Record<WebhookEventName, WebhookEventName>> = {
  UserUpdate: "UserCreate",
  UserDelete: "UserCreate",
};

/** Members that every delivery carries and that are not of the record. */
const ENVELOPE: ReadonlySet<string> = new Set([
  "type",
  "timestamp",
  "webhookId",
  "appId",
  "versionId",
  "locationId",
  "companyId",
]);

function isSameKind(shape: unknown, value: unknown): boolean {
  return value === null || (typeof shape === typeof value && Array.isArray(shape) === Array.isArray(value));
}

/** The members of a record that the event is described with, as far as the record has them. */
function project(shape: Fields, record: Fields): Fields {
  const members = Object.entries(shape).flatMap(([name, one]): [string, unknown][] => {
    const value = record[name];
    if (value === undefined || !isSameKind(one, value)) return [];
    const isNested = isObject(one) && isObject(value) && Object.keys(one).length > 0;
    return [[name, isNested ? project(one, value) : value]];
  });
  return Object.fromEntries(members);
}

/** `TYPE_SMS` → `SMS`: events name the channel, records the type. */
const channelOf = (messageType: unknown): string => String(messageType).replace(/^TYPE_/, "");

/** Form of a record in its events, where it differs from the form in the API. */
const WRITTEN: Readonly<Record<string, (record: Fields) => Fields>> = {
  opportunities: (record) => ({ ...record, dateAdded: record.createdAt }),
  messages: (record) => ({
    ...record,
    messageId: record.id,
    messageType: channelOf(record.messageType),
    messageTypeString: record.messageType,
    messageTypeId: record.type,
  }),
  "calendar events": (record) => ({ appointment: { users: [], ...record } }),
  prices: (record) => ({ ...record, priceType: record.type }),
  records: ({ properties, ...record }) => ({
    ...record,
    properties: Object.entries(isObject(properties) ? properties : {}).map(([key, value]) => ({
      key,
      valueString: String(value),
    })),
  }),
};

/** Events whose tenant is the company, or the record itself. */
const OF_COMPANY = /^(Location|User)/;

/** The event that a change sends, without its envelope of time and ids. */
export function payloadOf(event: WebhookEventName, change: RecordChange, companyId: string): Fields {
  const shape = sampleEvent(SAME_SHAPE[event] ?? event) as unknown as Fields;
  const { owner } = change.record;
  const written = WRITTEN[change.collection]?.(change.after) ?? change.after;
  const own = Object.entries(project(shape, written)).filter(([name]) => !ENVELOPE.has(name));
  return {
    // Every delivery that could be observed says its event, also those of events whose documented samples do not.
    type: wireType(event),
    ...(owner === undefined ? {} : { locationId: owner }),
    ...(OF_COMPANY.test(event) ? { companyId } : {}),
    ...(owner !== undefined && Object.hasOwn(shape, "altId") ? { altId: owner, altType: "location" } : {}),
    ...(Object.hasOwn(written, "objectKey") ? { objectKey: written.objectKey } : {}),
    ...Object.fromEntries(own),
  };
}
