import { slugOf } from "../../values/persona.ts";
import { create, listAll, orSample, read, remove, update } from "../behaviours.ts";
import type { Behaviour, Behaviours, Collection, Fields } from "../call.ts";
import { byOffset } from "../pages.ts";

const STAMPS = ["dateAdded", "dateUpdated"] as const;

/** The locations of the company's options exist from the start. */
export const location: Collection = { name: "locations", idKey: "id", idParam: "locationId", stamps: STAMPS };
const wrapped: Collection = { ...location, wrap: "location" };

export const customField: Collection = {
  name: "custom fields",
  idKey: "id",
  idParam: "id",
  parentParam: "locationId",
  wrap: "customField",
  stamps: STAMPS,
  show: ({ textBoxListOptions, options, model = "contact", ...body }) => ({
    position: 0,
    placeholder: "",
    ...body,
    model,
    documentType: "field",
    fieldKey: `${String(model)}.${slugOf(String(body.name)).replaceAll("-", "_")}`,
    ...(Array.isArray(textBoxListOptions ?? options)
      ? { picklistOptions: optionLabels(textBoxListOptions ?? options) }
      : {}),
  }),
};
const customValue: Collection = {
  name: "custom values",
  idKey: "id",
  idParam: "id",
  parentParam: "locationId",
  wrap: "customValue",
  stamps: STAMPS,
  show: (body) => ({
    ...body,
    documentType: "customValue",
    fieldKey: `{{ custom_values.${slugOf(String(body.name)).replaceAll("-", "_")} }}`,
  }),
};
export const tag: Collection = {
  name: "tags",
  idKey: "id",
  idParam: "tagId",
  parentParam: "locationId",
  wrap: "tag",
  stamps: STAMPS,
};

function optionLabels(options: unknown): string[] {
  return (options as unknown[]).map((one) =>
    typeof one === "object" && one !== null ? String((one as Fields).label) : String(one),
  );
}

/** Tasks of all contacts of the location. */
const searchTasks: Behaviour = (call) => {
  const tasks = call.store.all("contact tasks").filter(({ owner }) => owner === call.locationId);
  const matches = (member: "contactId" | "assignedTo", value: unknown): boolean => {
    const ids = call.body[member];
    return !Array.isArray(ids) || ids.includes(value);
  };
  const kept = tasks.filter(
    ({ data }) =>
      matches("contactId", data.contactId) &&
      matches("assignedTo", data.assignedTo) &&
      (call.body.completed === undefined || call.body.completed === data.completed),
  );
  return { body: { tasks: kept.map(({ data }) => data) } };
};

const done = (): Fields => ({ succeded: true });

export const locations: Behaviours = {
  "create-location": create(location),
  "get-location": read(wrapped),
  "put-location": update(location),
  "delete-location": remove(location, () => ({ success: true, message: "Location deleted" })),
  "search-locations": byOffset(location, { items: "locations", param: "skip" }),
  "create-custom-field": create(customField),
  "get-custom-field": read(customField),
  "update-custom-field": update(customField),
  "delete-custom-field": remove(customField, done),
  "get-custom-fields": orSample(customField, listAll(customField, "customFields")),
  "create-custom-value": create(customValue),
  "get-custom-value": read(customValue),
  "update-custom-value": update(customValue),
  "delete-custom-value": remove(customValue, done),
  "get-custom-values": orSample(customValue, listAll(customValue, "customValues")),
  "create-tag": create(tag),
  "get-tag-by-id": read(tag),
  "update-tag": update(tag),
  "delete-tag": remove(tag, done),
  "get-location-tags": orSample(tag, listAll(tag, "tags")),
  "task-search": searchTasks,
};
