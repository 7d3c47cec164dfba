import { create, find, insert, read, remove, update, visible } from "../behaviours.ts";
import { type Behaviour, type Behaviours, type Collection, type Fields, iso, type RecordCall, text } from "../call.ts";
import { byCursor, byLastId, bySortValue } from "../pages.ts";
import type { StoredRecord } from "../store.ts";

export const conversation: Collection = {
  name: "conversations",
  idKey: "id",
  idParam: "conversationId",
  stamps: ["dateAdded", "dateUpdated"],
  show: (body) => ({ unreadCount: 0, type: "TYPE_PHONE", deleted: false, starred: false, inbox: true, ...body }),
};
const wrapped: Collection = { ...conversation, wrap: "conversation" };
export const message: Collection = {
  name: "messages",
  idKey: "id",
  idParam: "id",
  stamps: ["dateAdded", "dateUpdated"],
};

/** The `messageType` a channel's messages are shown with. */
const MESSAGE_TYPES: Readonly<Record<string, string>> = {
  SMS: "TYPE_SMS",
  RCS: "TYPE_RCS",
  Email: "TYPE_EMAIL",
  WhatsApp: "TYPE_WHATSAPP",
  IG: "TYPE_INSTAGRAM",
  FB: "TYPE_FACEBOOK",
  Live_Chat: "TYPE_LIVE_CHAT",
};

/** A contact's messages of all channels are one conversation, which the first of them begins. */
function conversationFor(call: RecordCall): StoredRecord {
  const { conversationId, contactId } = call.body;
  const known = visible(conversation, call).find(({ id, data }) =>
    conversationId === undefined ? data.contactId === contactId : id === conversationId,
  );
  return known ?? insert(conversation, call, { contactId: contactId ?? call.random.text(20) });
}

/** Time from accepting a message to its delivery. HighLevel publishes no time. */
const DELIVERED_AFTER_MS = 3000;

/** Delivers accepted messages by the clock, not by chance. A message that a provider has logged keeps its status. */
function deliver({ store, nowMs }: RecordCall): void {
  for (const record of store.all(message.name))
    if (record.data.status === "pending" && record.createdAtMs + DELIVERED_AFTER_MS <= nowMs)
      record.data = { ...record.data, status: "delivered", dateUpdated: iso(record.createdAtMs + DELIVERED_AFTER_MS) };
}

const logged = ({ body }: RecordCall): unknown => text(body.status) ?? "delivered";
/** The documents have a sender name a status. It says nothing of what becomes of the message. */
const accepted = (): unknown => "pending";

function send(
  direction: "inbound" | "outbound",
  status: (call: RecordCall) => unknown,
  answer: (message: StoredRecord, call: RecordCall) => Fields,
): Behaviour {
  return (call) => {
    const { id: conversationId, data } = conversationFor(call);
    const { type, html } = call.body;
    const body = text(call.body.message) ?? text(html) ?? "";
    const record = insert(message, call, {
      conversationId,
      contactId: data.contactId,
      body,
      direction,
      status: status(call),
      type: 2,
      messageType: MESSAGE_TYPES[String(type)] ?? "TYPE_SMS",
      contentType: text(html) === undefined ? "text/plain" : "text/html",
      attachments: call.body.attachments ?? [],
      source: "api",
    });
    const held = call.store.get(conversation.name, conversationId);
    if (held !== undefined)
      held.data = {
        ...held.data,
        lastMessageBody: body,
        lastMessageType: record.data.messageType,
        lastMessageDate: call.nowMs,
        lastMessageDirection: direction,
        unreadCount: direction === "inbound" ? Number(held.data.unreadCount ?? 0) + 1 : 0,
        dateUpdated: iso(call.nowMs),
      };
    return { body: answer(record, call) };
  };
}

const sent = ({ id, data }: StoredRecord, { documented }: RecordCall): Fields => ({
  conversationId: data.conversationId,
  messageId: id,
  ...(documented.has("status") ? { status: data.status } : {}),
  msg: "Message queued successfully.",
});
const processed = ({ id, data }: StoredRecord): Fields => ({
  success: true,
  conversationId: data.conversationId,
  messageId: id,
  message: id,
  contactId: data.contactId,
  dateAdded: data.dateAdded,
});

const OWN_FIELDS = ["contactId", "assignedTo", "lastMessageType", "lastMessageDirection", "id"];

const fits = ({ data }: StoredRecord, { query }: RecordCall): boolean => {
  if (query.get("status") === "unread" && Number(data.unreadCount) === 0) return false;
  if (query.get("status") === "starred" && data.starred !== true) return false;
  const words = (query.get("query") ?? "").toLowerCase();
  if (words !== "" && !(text(data.lastMessageBody) ?? "").toLowerCase().includes(words)) return false;
  return OWN_FIELDS.every((name) => query.get(name) === null || data[name] === query.get(name));
};

/** Messages of one conversation, inside `messages`: unknown ones are answered from the schema in lenient mode. */
const messagesOf: Behaviour = (call) => {
  const found = find(conversation, call);
  if ("otherwise" in found) return found.otherwise;
  const types = call.query.get("type")?.split(",");
  const list = byLastId(message, {
    items: "messages",
    param: "lastMessageId",
    filter: ({ data }) =>
      data.conversationId === found.record.id && (types === undefined || types.includes(String(data.messageType))),
  })(call);
  return list !== undefined && "body" in list ? { ...list, body: { messages: list.body } } : list;
};

const messageStatus: Behaviour = (call) => {
  const found = find(message, call, call.params.messageId ?? call.params.id);
  if ("otherwise" in found) return found.otherwise;
  found.record.data = { ...found.record.data, status: call.body.status };
  return { body: sent(found.record, call) };
};

const EXPORT_FILTERS = ["contactId", "conversationId"];

const handlers: Behaviours = {
  "create-conversation": create(wrapped, () => ({ success: true })),
  "get-conversation": read(conversation),
  "update-conversation": update(wrapped, { answer: ({ data }) => ({ success: true, conversation: data }) }),
  "delete-conversation": remove(conversation),
  "search-conversation": bySortValue(conversation, { items: "conversations", filter: fits }),
  "send-a-new-message": send("outbound", accepted, sent),
  "add-an-inbound-message": send("inbound", logged, processed),
  "add-an-outbound-message": send("outbound", logged, processed),
  "get-message": read({ ...message, wrap: "message" }),
  "update-message-status": messageStatus,
  "get-messages": messagesOf,
  "export-messages-by-location": byCursor(message, {
    items: "messages",
    filter: ({ data }, { query }) =>
      EXPORT_FILTERS.every((name) => query.get(name) === null || data[name] === query.get(name)),
  }),
};

export const conversations: Behaviours = Object.fromEntries(
  Object.entries(handlers).map(([operationId, handle]): [string, Behaviour] => [
    operationId,
    (call) => {
      deliver(call);
      return handle(call);
    },
  ]),
);
