import { find, orSample, patch, read } from "../behaviours.ts";
import type { Behaviour, Behaviours, Collection, RecordCall } from "../call.ts";
import { byOffset } from "../pages.ts";
import type { StoredRecord } from "../store.ts";

const STAMPS = ["createdAt", "updatedAt"] as const;

/** The API has no operation that creates one: orders are seeded. */
export const order: Collection = { name: "orders", idKey: "_id", idParam: "orderId", stamps: STAMPS };
export const transaction: Collection = {
  name: "transactions",
  idKey: "_id",
  idParam: "transactionId",
  stamps: STAMPS,
};

const fits = ({ data }: StoredRecord, { query }: RecordCall): boolean =>
  ["contactId", "status", "id"].every((name) => {
    const filter = query.get(name);
    return filter === null || (name === "id" ? data._id : data[name]) === filter;
  });

const recordPayment: Behaviour = (call) => {
  const found = find(order, call);
  if ("otherwise" in found) return found.otherwise;
  patch(order, found.record, { call, changes: { status: "completed" } });
  return { body: { success: true } };
};

const listed = (collection: Collection): Behaviour =>
  orSample(collection, byOffset(collection, { items: "data", param: "offset", total: "totalCount", filter: fits }), {
    creatable: false,
  });

export const payments: Behaviours = {
  "list-orders": listed(order),
  "get-order-by-id": read(order),
  "record-order-payment": recordPayment,
  "list-transactions": listed(transaction),
  "get-transaction-by-id": read(transaction),
};
