import type { StoredRecord } from "../api/records/store.ts";
import { pick } from "../api/values/persona.ts";
import { SENTENCES } from "../api/values/words.ts";
import { addRecord, type SeedTarget } from "./add-record.ts";

const MINUTE_MS = 60_000;
const MESSAGES = 3;

/** A conversation of a contact: messages in turn, the last one the contact's and unread. */
export function seedConversation(target: SeedTarget, { id: contactId, data, createdAtMs }: StoredRecord): void {
  const { random, nowMs } = target;
  // It begins half an hour after the contact was made.
  const agoMs = nowMs - createdAtMs - 30 * MINUTE_MS;
  const { contactName, email, phone } = data;
  const shown = { contactId, contactName, fullName: contactName, email, phone, type: "TYPE_PHONE" };
  const flags = { unreadCount: 1, deleted: false, starred: false, inbox: true };
  const conversation = addRecord(target, { collection: "conversations", data: { ...shown, ...flags }, agoMs });
  let last: Readonly<Record<string, unknown>> = {};
  for (let index = 0; index < MESSAGES; index++) {
    const direction = index % 2 === 0 ? "inbound" : "outbound";
    const body = pick(SENTENCES, random);
    const message = {
      ...{ conversationId: conversation.id, contactId, body, direction, status: "delivered", type: 2 },
      ...{ messageType: "TYPE_SMS", contentType: "text/plain", attachments: [], source: "app" },
    };
    const sentAgoMs = agoMs - (index + 1) * MINUTE_MS;
    addRecord(target, { collection: "messages", data: message, agoMs: sentAgoMs });
    const sent = { lastMessageBody: body, lastMessageDate: nowMs - sentAgoMs, lastMessageDirection: direction };
    last = { ...sent, lastMessageType: "TYPE_SMS" };
  }
  conversation.data = { ...conversation.data, ...last };
}
