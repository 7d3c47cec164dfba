import { create, find, listAll, orSample, read, remove, update } from "../behaviours.ts";
import { type Behaviour, type Behaviours, type Collection, type Fields, iso, type RecordCall, text } from "../call.ts";
import { bySearchAfter } from "../pages.ts";
import type { StoredRecord } from "../store.ts";

const STAMPS = ["dateAdded", "dateUpdated"] as const;

export const objectSchema: Collection = {
  name: "object schemas",
  idKey: "id",
  idParam: "key",
  wrap: "object",
  stamps: STAMPS,
  show: ({ primaryDisplayPropertyDetails, searchableProperties: _searchable, ...body }) => ({
    standard: false,
    ...body,
    ...(primaryDisplayPropertyDetails === undefined
      ? {}
      : { primaryDisplayProperty: (primaryDisplayPropertyDetails as Fields).key }),
  }),
};
export const objectRecord: Collection = {
  name: "records",
  idKey: "id",
  idParam: "id",
  parentParam: "schemaKey",
  wrap: "record",
  stamps: STAMPS,
  show: ({ owner, followers, ...body }, call) => ({
    ...body,
    owner: owner ?? [],
    followers: followers ?? [],
    objectKey: call.params.schemaKey,
    // Searches show the times under these names.
    createdAt: iso(call.nowMs),
    updatedAt: iso(call.nowMs),
  }),
};

/** A schema is asked for by its key, with or without the prefix of custom objects. */
const byKey =
  (behaviour: Behaviour): Behaviour =>
  (call) => {
    const { key = "" } = call.params;
    const known = call.store
      .all(objectSchema.name)
      .find(({ data }) => data.key === key || data.key === `custom_objects.${key}`);
    return behaviour({ ...call, params: { ...call.params, key: known?.id ?? key } });
  };

const readSchema: Behaviour = (call) => {
  const found = find(objectSchema, call);
  if ("otherwise" in found) return found.otherwise;
  return { body: { object: found.record.data, cache: false, fields: [] } };
};

/** Only the properties that are sent change. */
const changedProperties = (call: RecordCall, { data }: StoredRecord): Fields => ({
  ...call.body,
  updatedAt: iso(call.nowMs),
  properties: { ...(data.properties as Fields | undefined), ...(call.body.properties as Fields | undefined) },
});

function fitsQuery({ data }: StoredRecord, { body }: RecordCall): boolean {
  const words = (text(body.query) ?? "").toLowerCase();
  return (
    words === "" ||
    JSON.stringify(data.properties ?? {})
      .toLowerCase()
      .includes(words)
  );
}

/** Changes are written as they are: what a new record has by default is no change. */
const plain: Collection = { ...objectRecord, show: (body) => body };

export const objects: Behaviours = {
  "create-custom-object-schema": create(objectSchema),
  "get-object-schema-by-key": byKey(readSchema),
  "update-custom-object": byKey(update(objectSchema)),
  "get-object-by-location-id": orSample(objectSchema, listAll(objectSchema, "objects")),
  "create-object-record": create(objectRecord),
  "get-record-by-id": read(objectRecord),
  "update-object-record": update(plain, { changes: changedProperties }),
  "delete-object-record": remove(objectRecord, ({ id }) => ({ id, success: true })),
  "search-object-records": orSample(
    objectRecord,
    bySearchAfter(objectRecord, { items: "records", size: "pageLimit", filter: fitsQuery }),
  ),
};
