/** Parts that the schemas of admin actions are made of. The message of a schema says what is expected. */
import type { Resource } from "@ghl-edge/core";
import * as v from "valibot";
import { DEFAULT_LIMIT, MAX_LIMIT } from "../../directory/cursor.ts";
import type { InstallationRef } from "../../directory/tables/installations.ts";
import { meantEventName, namesOf } from "../../domain/events/event-names.ts";
import { RESOURCE_ID } from "../../domain/resource.ts";

export const MAX_NAME_LENGTH = 100;
const MAX_APP_NAME_LENGTH = 32;
const MAX_CURSOR_LENGTH = 500;
const MAX_RESOURCES = 100;
/** Last millisecond before the year 10000, because days are named with four digits. */
export const MAX_TIME_MS = Date.UTC(10_000, 0) - 1;
/** Most ids of events in one request. */
const MAX_IDS = 200;

/** Text of 1 to `max` characters that is shown to operators, without control characters. */
export function text(max: number) {
  const message = `a text of 1 to ${max} characters`;
  const isPrintable = (value: string): boolean => !/\p{Cc}/u.test(value);
  return v.pipe(v.string(message), v.minLength(1, message), v.maxLength(max, message), v.check(isPrintable, message));
}

export function wholeNumber(min: number, max: number) {
  const message = `a whole number from ${min} to ${max}`;
  return v.pipe(v.number(message), v.integer(message), v.minValue(min, message), v.maxValue(max, message));
}

export function listOf<const Item extends v.GenericSchema>(item: Item, { min, max }: { min: number; max: number }) {
  const message = `an array of ${min} to ${max}`;
  return v.pipe(v.array(item, message), v.minLength(min, message), v.maxLength(max, message));
}

export function described<const Schema extends v.GenericSchema>(schema: Schema, description: string) {
  return v.pipe(schema, v.description(description));
}

/** Checks members of an object that depend on each other. What is wrong is said of the member with the name. */
export function checkMember<Input>(name: string, isValid: (input: NoInfer<Input>) => boolean, message: string) {
  return v.rawCheck<Input>(({ dataset, addIssue }) => {
    if (!dataset.typed || isValid(dataset.value as NoInfer<Input>)) return;
    const input = dataset.value as Record<string, unknown>;
    addIssue({ message, path: [{ type: "object", origin: "value", input, key: name, value: input[name] }] });
  });
}

export const appName = text(MAX_APP_NAME_LENGTH);
/** A text that is only looked up, so that an unknown one is `not found`. */
export const key = v.string("a text");
export const cursor = (max: number = MAX_CURSOR_LENGTH) =>
  described(text(max), "Value of `nextCursor` of the previous page or step.");

/** Entries of an action that lists something in pages. */
export const pageEntries = {
  limit: v.optional(wholeNumber(1, MAX_LIMIT), DEFAULT_LIMIT),
  cursor: v.optional(v.string("a text")),
};
/** Entries of a list that may be limited to one app. */
export const appPageEntries = { app: v.optional(key), ...pageEntries };

const RESOURCE_ID_MESSAGE = "an id of HighLevel's";
export const resourceKind = v.picklist(["location", "company"]);
export const resourceId = v.pipe(v.string(RESOURCE_ID_MESSAGE), v.regex(RESOURCE_ID, RESOURCE_ID_MESSAGE));
export const resource = v.strictObject({ kind: resourceKind, id: resourceId });
export const resources = described(
  v.nullable(listOf(resource, { min: 1, max: MAX_RESOURCES })),
  "Locations and companies that are covered. Null: every installation of the app. A company does not cover its locations.",
);

/** Entries that name an installation. */
export const installationEntries = { app: key, kind: resourceKind, id: resourceId };
/** Entries that name a location at which an app is installed. */
export const locationEntries = { app: key, id: resourceId };

export function installationRef(input: { app: string; kind: Resource["kind"]; id: string }): InstallationRef {
  return { app: input.app, resource: { kind: input.kind, id: input.id } };
}

const time = v.pipe(wholeNumber(0, MAX_TIME_MS), v.metadata({ format: "int64" }));
export const rangeEntries = {
  fromMs: v.optional(described(time, "Start of the time range, inclusive, in milliseconds since 1970.")),
  toMs: v.optional(described(time, "End of the time range, exclusive, in milliseconds since 1970.")),
};
export const sinceMs = described(
  time,
  "Time of the earliest change, in milliseconds since 1970. It is at most 28 days ago.",
);
export const dryRun = described(v.boolean(), "Whether to count only, and change nothing.");

const EVENT_ID_MESSAGE = "evt_ and 32 hexadecimal digits";
export const eventId = v.pipe(v.string(EVENT_ID_MESSAGE), v.regex(/^evt_[0-9a-f]{32}$/, EVENT_ID_MESSAGE));
export const eventIds = listOf(eventId, { min: 1, max: MAX_IDS });

/** Entries by which lists of events and of deliveries are searched. */
export const searchEntries = {
  kind: v.optional(resourceKind),
  resourceId: v.optional(described(resourceId, "Id of the location or company. It must be given together with kind.")),
  type: v.optional(v.string("a text")),
  ...rangeEntries,
};

export interface ResourceSearch {
  readonly kind?: Resource["kind"] | undefined;
  readonly resourceId?: string | undefined;
}

/** A resource is named by its kind and its id, or not at all. */
export const hasKindOfResource = ({ kind, resourceId: id }: ResourceSearch): boolean =>
  id === undefined || kind !== undefined;
export const hasIdOfResource = ({ kind, resourceId: id }: ResourceSearch): boolean =>
  kind === undefined || id !== undefined;
export const KIND_OF_RESOURCE = "location or company where resourceId is given";
export const ID_OF_RESOURCE = `${RESOURCE_ID_MESSAGE} where kind is given`;

/** Returns the resource of a search, which has both its kind and its id or neither of them. */
export function searchedResource({ kind, resourceId: id }: ResourceSearch): Resource | undefined {
  return kind === undefined || id === undefined ? undefined : { kind, id };
}

/** Schemas of outputs: every member is there, and null where it has no value. */
export const textOut = v.string();
export const count = v.pipe(v.number(), v.integer());
export const timeMs = v.pipe(
  v.number(),
  v.integer(),
  v.metadata({ format: "int64", description: "Time in milliseconds since 1970." }),
);
export const optionalTimeMs = v.nullable(timeMs);
export const optionalText = v.nullable(textOut);

export const nextCursor = described(optionalText, "Value of `cursor` for the next page. Null: this is the last page.");
export const nextStep = described(optionalText, "Value of `cursor` for the next step. Null: this was the last step.");

export function pageOf<const Item extends v.GenericSchema>(item: Item) {
  return v.strictObject({ items: v.array(item), nextCursor });
}
export function itemsOf<const Item extends v.GenericSchema>(item: Item) {
  return v.strictObject({ items: v.array(item) });
}

const MAX_TYPES = 100;

function expectedEventName(name: string): string {
  const meant = meantEventName(name);
  return `the name of an event${meant === undefined ? "" : `; did you mean "${meant}"?`}`;
}

const eventName = v.pipe(
  text(MAX_NAME_LENGTH),
  v.check(
    (name) => namesOf(name).length > 0,
    ({ input }) => expectedEventName(input),
  ),
);

/** Names of events. A name that ends in `*` stands for all that begin so. */
export const eventTypes = (min: number) => listOf(eventName, { min, max: MAX_TYPES });
