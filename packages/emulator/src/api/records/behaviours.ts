import { locationRefused, notFound } from "../../core/errors.ts";
import {
  type Behaviour,
  type Collection,
  type Fields,
  iso,
  type RecordAnswer,
  type RecordCall,
  shown,
  text,
} from "./call.ts";
import type { StoredRecord } from "./store.ts";

function ownerOf(call: RecordCall): string | undefined {
  return text(call.body.locationId) ?? text(call.body.altId) ?? call.locationId;
}

/** Writes a record down and answers it. */
export function insert(collection: Collection, call: RecordCall, sent: Fields = call.body): StoredRecord {
  // The parts of HighLevel that name an id `_id` have those of MongoDB.
  const id = collection.idKey === "_id" ? call.random.hex(24) : call.random.text(20);
  const owner = ownerOf(call);
  const at = iso(call.nowMs);
  const [created, updated] = collection.stamps;
  const body = collection.show === undefined ? sent : collection.show(sent, call);
  const location = collection.idKey === "id" && owner !== undefined ? { locationId: owner } : {};
  return call.store.insert(collection.name, {
    id,
    owner,
    parent: collection.parentParam === undefined ? undefined : call.params[collection.parentParam],
    createdAtMs: call.nowMs,
    data: { ...location, ...body, [collection.idKey]: id, [created]: at, [updated]: at },
  });
}

/** Changes a record by what a call sent; default: its whole body. */
export function patch(
  collection: Collection,
  record: StoredRecord,
  { call, changes = call.body }: { readonly call: RecordCall; readonly changes?: Fields },
): void {
  const show = collection.show?.(changes, call) ?? changes;
  // Default values of creation are no changes.
  const sent = Object.fromEntries(
    Object.entries(show).filter(([name]) => Object.hasOwn(changes, name) || collection.show === undefined),
  );
  record.data = { ...record.data, ...sent, [collection.stamps[1]]: iso(call.nowMs) };
}

/**
 * The record a path names, or what to answer without it. In lenient mode an id that nobody has created is answered from
 * the schema, so that a test need not create what it reads; what was deleted is gone in both.
 */
export function find(
  collection: Collection,
  call: RecordCall,
  id: string = call.params[collection.idParam] ?? "",
): { readonly record: StoredRecord } | { readonly otherwise: RecordAnswer } {
  const record = call.store.get(collection.name, id);
  if (record === undefined) {
    const gone = call.strict || call.store.wasRemoved(collection.name, id);
    return { otherwise: gone ? { refused: notFound } : undefined };
  }
  const stranger = call.locationId !== undefined && record.owner !== undefined && record.owner !== call.locationId;
  return stranger ? { otherwise: { refused: locationRefused } } : { record };
}

type Extra = (record: StoredRecord, call: RecordCall) => Fields;

export const create =
  (collection: Collection, extra?: Extra): Behaviour =>
  (call) => {
    const record = insert(collection, call);
    if (extra === undefined) return { body: shown(collection, record) };
    return { body: { ...(shown(collection, record) as Fields), ...extra(record, call) } };
  };

export const read =
  (collection: Collection): Behaviour =>
  (call) => {
    const found = find(collection, call);
    return "otherwise" in found ? found.otherwise : { body: shown(collection, found.record) };
  };

/** `changes`: what is changed, where it is not the body. `answer`: default the record. */
export const update =
  (
    collection: Collection,
    { changes, answer }: { changes?: (call: RecordCall, record: StoredRecord) => Fields; answer?: Extra } = {},
  ): Behaviour =>
  (call) => {
    const found = find(collection, call);
    if ("otherwise" in found) return found.otherwise;
    const { record } = found;
    patch(collection, record, { call, changes: changes?.(call, record) ?? call.body });
    return { body: answer?.(record, call) ?? shown(collection, record) };
  };

/** Both spellings of success that HighLevel's answers have, in those that have them. */
export const SUCCEEDED: Extra = () => ({ succeded: true, succeeded: true, success: true });

export const remove =
  (collection: Collection, answer: Extra = SUCCEEDED): Behaviour =>
  (call) => {
    const found = find(collection, call);
    if ("otherwise" in found) return found.otherwise;
    call.store.remove(collection.name, found.record.id);
    return { body: answer(found.record, call) };
  };

/** Records of the caller's location and of the parent in the path, newest first. */
export function visible(collection: Collection, call: RecordCall): StoredRecord[] {
  const parent = collection.parentParam === undefined ? undefined : call.params[collection.parentParam];
  return call.store
    .all(collection.name)
    .filter((record) => parent === undefined || record.parent === parent)
    .filter((record) => call.locationId === undefined || record.owner === undefined || record.owner === call.locationId)
    .sort((a, b) => b.createdAtMs - a.createdAtMs || b.order - a.order);
}

/** A list without pages. */
export const listAll =
  (collection: Collection, items: string, filter?: (record: StoredRecord, call: RecordCall) => boolean): Behaviour =>
  (call) => ({
    body: {
      [items]: visible(collection, call)
        .filter((record) => filter?.(record, call) ?? true)
        .map(({ data }) => data),
    },
  });

/**
 * Answers a list from the schema as long as nothing of its kind is stored, so that a test need not seed what it only lists. Strict
 * checks show the empty list, unless nobody can create such records over the API.
 */
export const orSample =
  (collection: Collection, list: Behaviour, { creatable = true }: { creatable?: boolean } = {}): Behaviour =>
  (call) => {
    const isEmpty = call.store.all(collection.name).length === 0;
    return isEmpty && !(call.strict && creatable) ? undefined : list(call);
  };

/** The first of these names that the document gives a member of the answer: generations and evidence spell some differently. */
export function namedAs(call: RecordCall, ...names: readonly [string, ...string[]]): string {
  return names.find((name) => call.documented.has(name)) ?? names[0];
}
