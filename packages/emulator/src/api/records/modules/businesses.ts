import { insert, listAll, namedAs, orSample, read, remove, update } from "../behaviours.ts";
import type { Behaviours, Collection, Fields, RecordCall } from "../call.ts";
import type { StoredRecord } from "../store.ts";

const business: Collection = {
  name: "businesses",
  idKey: "id",
  idParam: "businessId",
  stamps: ["createdAt", "updatedAt"],
};

/** The documents say `buiseness`; answers were reported to say `business`. */
const written = ({ data }: StoredRecord, call: RecordCall): Fields => ({
  success: true,
  [namedAs(call, "business", "buiseness")]: data,
});

export const businesses: Behaviours = {
  "create-business": (call) => ({ body: written(insert(business, call), call) }),
  "get-business": read({ ...business, wrap: "business" }),
  "update-business": update(business, { answer: written }),
  "delete-Business": remove(business, () => ({ success: true })),
  "get-businesses-by-location": orSample(business, listAll(business, "businesses")),
};
