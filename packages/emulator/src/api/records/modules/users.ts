import { create, listAll, orSample, read, remove, update } from "../behaviours.ts";
import { type Behaviours, type Collection, type Fields, type RecordCall, text } from "../call.ts";
import { members } from "../member-list.ts";
import { byOffset } from "../pages.ts";
import type { StoredRecord } from "../store.ts";

export const user: Collection = {
  name: "users",
  idKey: "id",
  idParam: "userId",
  stamps: ["dateAdded", "dateUpdated"],
  // A password is never shown again.
  show: ({ password: _password, type = "account", role = "user", locationIds, companyId: _company, ...body }) => ({
    ...body,
    name: [body.firstName, body.lastName].filter((part) => text(part) !== undefined).join(" "),
    deleted: false,
    roles: { type, role, locationIds: members(locationIds) },
  }),
};

function fitsQuery({ data }: StoredRecord, { query }: RecordCall): boolean {
  const words = (query.get("query") ?? "").toLowerCase();
  return [data.name, data.email, data.phone].some((one) => String(one).toLowerCase().includes(words));
}

const fitsEmails = ({ data }: StoredRecord, { body }: RecordCall): boolean =>
  members(body.emails).includes(String(data.email));

const deleted = (): Fields => ({ succeded: true, succeeded: true, message: "Queued deleting user with e-mail and id" });

export const users: Behaviours = {
  "create-user": create(user),
  "get-user": read(user),
  "update-user": update(user),
  "delete-user": remove(user, deleted),
  "get-user-by-location": orSample(user, listAll(user, "users")),
  "search-users": orSample(user, byOffset(user, { items: "users", param: "skip", total: "count", filter: fitsQuery })),
  "filter-users-by-email": orSample(
    user,
    byOffset(user, { items: "users", param: "skip", total: "count", filter: fitsEmails }),
  ),
};
