import {
  create,
  find,
  insert,
  listAll,
  orSample,
  patch,
  read,
  remove,
  SUCCEEDED,
  update,
  visible,
} from "../behaviours.ts";
import { type Behaviour, type Behaviours, type Collection, type Fields, iso, shown, text } from "../call.ts";
import { members, without } from "../member-list.ts";
import { byOffset, byPage, byStartAfter } from "../pages.ts";
import type { StoredRecord } from "../store.ts";

export const opportunity: Collection = {
  name: "opportunities",
  idKey: "id",
  idParam: "id",
  wrap: "opportunity",
  stamps: ["createdAt", "updatedAt"],
  show: (body, call) => ({ status: "open", ...body, lastStatusChangeAt: iso(call.nowMs) }),
};
/** This API has no operation that creates one, so the list is empty. It has pages all the same. */
const lostReason: Collection = {
  name: "lost reasons",
  idKey: "_id",
  idParam: "id",
  stamps: ["createdAt", "updatedAt"],
};

/** Query parameters of the search (v2 with underscores, v3 without) and the field each is compared with. */
const FILTERS: readonly (readonly [parameters: readonly string[], field: string])[] = [
  [["pipeline_id", "pipelineId"], "pipelineId"],
  [["pipeline_stage_id", "pipelineStageId"], "pipelineStageId"],
  [["contact_id", "contactId"], "contactId"],
  [["assigned_to", "assignedTo"], "assignedTo"],
  [["status"], "status"],
  [["id"], "id"],
];

const fits = ({ data }: StoredRecord, query: URLSearchParams): boolean => {
  const q = query.get("q")?.toLowerCase() ?? "";
  if (q !== "" && !(text(data.name) ?? "").toLowerCase().includes(q)) return false;
  return FILTERS.every(([parameters, field]) => {
    const filter = parameters.map((name) => query.get(name)).find((value) => value !== null);
    // `status=all` is no filter
    return (
      filter === undefined || filter === null || (field === "status" && filter === "all") || data[field] === filter
    );
  });
};

/** One opportunity per contact and pipeline. */
const upsert: Behaviour = (call) => {
  const { contactId, pipelineId } = call.body;
  const known = visible(opportunity, call).find(
    ({ data }) => data.contactId === contactId && data.pipelineId === pipelineId,
  );
  if (known !== undefined) patch(opportunity, known, { call });
  const record = known ?? insert(opportunity, call);
  return { body: { ...(shown(opportunity, record) as Fields), new: known === undefined } };
};

function followers(adds: boolean): Behaviour {
  return (call) => {
    const found = find(opportunity, call);
    if ("otherwise" in found) return found.otherwise;
    const before = members(found.record.data.followers);
    const sent = call.query.get("isRemoveAllFollowers") === "true" ? before : members(call.body.followers);
    const after = adds ? [...new Set([...before, ...sent])] : without(before, sent);
    found.record.data = { ...found.record.data, followers: after };
    const changed = adds ? { followersAdded: without(after, before) } : { followersRemoved: without(before, after) };
    return { body: { followers: after, ...changed } };
  };
}

/** Made in HighLevel's own pages only: they are seeded. */
export const pipeline: Collection = {
  name: "pipelines",
  idKey: "id",
  idParam: "pipelineId",
  stamps: ["dateAdded", "dateUpdated"],
};

export const opportunities: Behaviours = {
  "get-pipelines": orSample(pipeline, listAll(pipeline, "pipelines"), { creatable: false }),
  "create-opportunity": create(opportunity),
  "Upsert-opportunity": upsert,
  "get-opportunity": read(opportunity),
  "update-opportunity": update(opportunity),
  "update-opportunity-status": update(opportunity, { answer: SUCCEEDED }),
  "delete-opportunity": remove(opportunity),
  "search-opportunity": byStartAfter(opportunity, {
    items: "opportunities",
    filter: (record, { query }) => fits(record, query),
  }),
  "search-opportunities-advanced": byPage(opportunity, { items: "opportunities" }),
  "add-followers-opportunity": followers(true),
  "remove-followers-opportunity": followers(false),
  "get-lost-reason": byOffset(lostReason, { items: "lostReasons", param: "skip", total: "total" }),
};
