import { create, read, remove, update } from "../behaviours.ts";
import type { Behaviours, Collection, Fields, RecordCall } from "../call.ts";
import type { StoredRecord } from "../store.ts";

const STAMPS = ["dateAdded", "dateUpdated"] as const;

const association: Collection = {
  name: "associations",
  idKey: "id",
  idParam: "associationId",
  stamps: STAMPS,
  show: (body) => ({ associationType: "USER_DEFINED", ...body }),
};
const relation: Collection = {
  name: "relations",
  idKey: "id",
  idParam: "relationId",
  stamps: STAMPS,
  // A relation shows the objects of the association that it is one of.
  show: (body, call) => ({ ...objectsOf(body, call), ...body }),
};

function objectsOf(body: Fields, { store }: RecordCall): Fields {
  const { firstObjectKey, secondObjectKey, firstObjectLabel, secondObjectLabel, associationType, key } =
    store.get(association.name, String(body.associationId))?.data ?? {};
  const known = { firstObjectKey, secondObjectKey, firstObjectLabel, secondObjectLabel, associationType, key };
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
}

const gone = ({ id }: StoredRecord): Fields => ({ id, deleted: true, message: "Association deleted" });

export const associations: Behaviours = {
  "create-association": create(association),
  "get-association-by-ID": read(association),
  "update-association": update(association),
  "delete-association": remove(association, gone),
  "create-relation": create(relation),
  "delete-relation": remove(relation, ({ data }) => data),
};
