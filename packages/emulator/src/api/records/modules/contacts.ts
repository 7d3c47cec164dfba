import { create, find, insert, listAll, patch, read, remove, SUCCEEDED, update, visible } from "../behaviours.ts";
import {
  type Behaviour,
  type Behaviours,
  type Collection,
  type Fields,
  type RecordCall,
  shown,
  text,
} from "../call.ts";
import { members, without } from "../member-list.ts";
import { byOffset, bySearchAfter, byStartAfter } from "../pages.ts";
import type { StoredRecord } from "../store.ts";
import { customField } from "./locations.ts";

/** The id of the custom field that a key names, with or without the prefix of its model. */
function fieldIdOf(key: unknown, call: RecordCall): string | undefined {
  const keys = [key, `contact.${String(key)}`];
  return visible(customField, { ...call, params: {} }).find(({ data }) => keys.includes(data.fieldKey))?.id;
}

/**
 * A value is sent as `field_value`, `fieldValue` or `value`, by id or by key; answers have `id` and `value`.
 * A key that no field has stands for its id, so that the value is found again.
 */
function shownFields(fields: unknown, call: RecordCall): Fields[] {
  if (!Array.isArray(fields)) return [];
  return (fields as Record<string, unknown>[]).map(
    ({ field_value: fieldValue, fieldValue: camel, value, key, ...field }) => {
      const id = field.id ?? fieldIdOf(key, call) ?? key;
      return { ...field, ...(id === undefined ? {} : { id }), value: value ?? fieldValue ?? camel ?? "" };
    },
  );
}

/** Changes of custom fields leave alone those that are not sent. */
function changesOf(call: RecordCall, { data }: StoredRecord): Fields {
  if (!Array.isArray(call.body.customFields)) return call.body;
  const sent = shownFields(call.body.customFields, call);
  const ids = new Set(sent.map(({ id }) => id));
  const others = shownFields(data.customFields, call).filter(({ id }) => !ids.has(id));
  return { ...call.body, customFields: [...others, ...sent] };
}

export const contact: Collection = {
  name: "contacts",
  idKey: "id",
  idParam: "contactId",
  wrap: "contact",
  stamps: ["dateAdded", "dateUpdated"],
  show: (body, call) => ({ tags: [], ...body, customFields: shownFields(body.customFields, call) }),
};
const note: Collection = {
  name: "contact notes",
  idKey: "id",
  idParam: "id",
  parentParam: "contactId",
  wrap: "note",
  stamps: ["dateAdded", "dateUpdated"],
  show: (body, call) => ({ ...body, contactId: call.params.contactId }),
};
const task: Collection = {
  name: "contact tasks",
  idKey: "id",
  idParam: "taskId",
  parentParam: "contactId",
  wrap: "task",
  stamps: ["dateAdded", "dateUpdated"],
  show: (body, call) => ({ completed: false, ...body, contactId: call.params.contactId }),
};

/** `query` looks into names, email and phone. */
function fitsQuery({ data }: StoredRecord, call: RecordCall): boolean {
  const query = (call.query.get("query") ?? text(call.body.query) ?? "").toLowerCase();
  const words = [data.firstName, data.lastName, data.name, data.email, data.phone];
  return query === "" || words.some((word) => typeof word === "string" && word.toLowerCase().includes(query));
}

/** `eq` and `contains` of the search's filters on fields of text; all others let everything through. */
function fitsFilters({ data }: StoredRecord, call: RecordCall): boolean {
  const filters = Array.isArray(call.body.filters) ? (call.body.filters as Record<string, unknown>[]) : [];
  return filters.every(({ field, operator, value }) => {
    const own = data[String(field)];
    if (typeof value !== "string") return true;
    if (operator === "eq") return own === value || (Array.isArray(own) && own.includes(value));
    if (operator !== "contains") return true;
    return (typeof own === "string" && own.includes(value)) || (Array.isArray(own) && own.includes(value));
  });
}

function twin(call: RecordCall): StoredRecord | undefined {
  const email = call.query.get("email") ?? text(call.body.email);
  const phone = call.query.get("number") ?? text(call.body.phone);
  return visible(contact, call).find(
    ({ data }) => (email !== undefined && data.email === email) || (phone !== undefined && data.phone === phone),
  );
}

/** The contact with this e-mail address or telephone number, and which of the two it is. */
const duplicate: Behaviour = (call) => {
  const data = twin(call)?.data;
  if (data === undefined) return { body: { contact: null } };
  return { body: { contact: data, matchingField: data.email === call.query.get("email") ? "email" : "phone" } };
};

const upsert: Behaviour = (call) => {
  const known = twin(call);
  if (known !== undefined) patch(contact, known, { call, changes: changesOf(call, known) });
  const record = known ?? insert(contact, call);
  return { body: { ...(shown(contact, record) as Fields), new: known === undefined } };
};

/** Adds to or takes from a list of the contact; `answer` names what the answer has beside the list. */
function listChange(field: "tags" | "followers", adds: boolean): Behaviour {
  return (call) => {
    const found = find(contact, call);
    if ("otherwise" in found) return found.otherwise;
    const before = members(found.record.data[field]);
    const sent = members(call.body[field]);
    const after = adds ? [...new Set([...before, ...sent])] : without(before, sent);
    found.record.data = { ...found.record.data, [field]: after };
    const changed = adds ? without(after, before) : without(before, after);
    const extra = field === "followers" ? { [adds ? "followersAdded" : "followersRemoved"]: changed } : {};
    return { body: { [field]: after, ...extra } };
  };
}

const bulkTags: Behaviour = (call) => {
  const ids = members(call.body.contacts);
  const tags = members(call.body.tags);
  const known = ids.map((id) => call.store.get(contact.name, id)).filter((record) => record !== undefined);
  if (known.length === 0) return undefined;
  for (const record of known) {
    const before = members(record.data.tags);
    const after = call.params.type === "remove" ? without(before, tags) : [...new Set([...before, ...tags])];
    record.data = { ...record.data, tags: after };
  }
  const responses = known.map(({ id }) => ({ contactId: id, message: "Tags updated", type: "success" }));
  return { body: { ...SUCCEEDED(known[0]!, call), errorCount: ids.length - known.length, responses } };
};

const bulkBusiness: Behaviour = (call) => {
  const ids = members(call.body.ids);
  const known = ids.map((id) => call.store.get(contact.name, id)).filter((record) => record !== undefined);
  if (known.length === 0) return undefined;
  for (const record of known) record.data = { ...record.data, businessId: call.body.businessId };
  return { body: { success: true, ids: known.map(({ id }) => id) } };
};

const ofContact: Behaviour = (call) => {
  const events = call.store.all("calendar events").filter(({ data }) => data.contactId === call.params.contactId);
  return { body: { events: events.map(({ data }) => data) } };
};

export const contacts: Behaviours = {
  "create-contact": create(contact),
  "upsert-contact": upsert,
  "get-contact": read(contact),
  "update-contact": update(contact, {
    changes: changesOf,
    answer: (record, call) => ({ ...(shown(contact, record) as Fields), ...SUCCEEDED(record, call) }),
  }),
  "delete-contact": remove(contact),
  "get-contacts": byStartAfter(contact, { items: "contacts", filter: fitsQuery, total: "count" }),
  "get-contacts-by-businessId": byOffset(contact, {
    items: "contacts",
    param: "skip",
    total: "count",
    filter: (record, call) => record.data.businessId === call.params.businessId && fitsQuery(record, call),
  }),
  "search-contacts-advanced": bySearchAfter(contact, {
    items: "contacts",
    size: "pageLimit",
    filter: (record, call) => fitsQuery(record, call) && fitsFilters(record, call),
  }),
  "get-duplicate-contact": duplicate,
  "add-remove-contact-from-business": bulkBusiness,
  "create-association": bulkTags,
  "add-tags": listChange("tags", true),
  "remove-tags": listChange("tags", false),
  "add-followers-contact": listChange("followers", true),
  "remove-followers-contact": listChange("followers", false),
  "get-appointments-for-contact": ofContact,
  "create-note": create(note),
  "get-note": read(note),
  "update-note": update(note),
  "delete-note": remove(note),
  "get-all-notes": listAll(note, "notes"),
  "create-task": create(task),
  "get-task": read(task),
  "update-task": update(task),
  "update-task-completed": update(task),
  "delete-task": remove(task),
  "get-all-tasks": listAll(task, "tasks"),
};
