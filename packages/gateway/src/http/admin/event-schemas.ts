import { MAX_TYPES } from "../../services/administration/endpoint-input.ts";
import { MAX_IDS, MAX_TIME_MS } from "../../services/administration/wanted.ts";
import { list, nullable, page, query, record, ref, type Schema, text, timeMs } from "./schema-parts.ts";

const time: Schema = { type: "integer", format: "int64", minimum: 0, maximum: MAX_TIME_MS };
const id: Schema = { type: "string", pattern: "^evt_[0-9a-f]{32}$" };
const ids: Schema = { ...list(id), minItems: 1, maxItems: MAX_IDS };
const dryRun: Schema = { type: "boolean", description: "Count, and do nothing." };
const range = {
  fromMs: { ...time, description: "From this time on, in milliseconds since 1970." },
  toMs: { ...time, description: "Before this time, in milliseconds since 1970." },
};

const event = {
  app: text,
  inbox: { type: "string", description: "Where it is kept: <kind>:<id>:<day of the signed time>." },
  id,
  type: { type: "string", description: "Its name, or unknown." },
  wireType: { ...nullable("string"), description: "type of its payload." },
  source: { type: "string", enum: ["highlevel", "gateway", "workflow"] },
  resource: { anyOf: [ref("Resource"), { type: "null" }] },
  webhookId: { ...nullable("string"), description: "HighLevel's." },
  eventAtMs: { ...nullable("integer"), format: "int64", description: "The signed time." },
  receivedAtMs: timeMs,
  quarantined: { type: "boolean", description: "From outside the replay window: it was sent to nobody." },
  bodyBytes: { type: "integer" },
} satisfies Readonly<Record<string, Schema>>;

/** Of `/admin/events`, and of what is sent again. */
export const eventSchemas: Readonly<Record<string, Schema>> = {
  Event: record(event),
  EventPage: page("Event"),
  WholeEvent: record({
    ...event,
    payload: {
      type: ["object", "null"],
      description: "The body as JSON, where large numbers are rounded. Null: it nests deeper than 64 levels.",
    },
    body: {
      type: "string",
      description: "As it was signed; for a viewer without the paths and queries of the addresses in it.",
    },
  }),
  DeadLetters: {
    type: "object",
    description: "Those that are all of this; the times are those at which they were taken on.",
    properties: { ids, type: text, resource: ref("Resource"), ...range, dryRun },
    required: ["dryRun"],
    additionalProperties: false,
  },
  DeadLettersReplayed: record({ matched: { type: "integer" }, replayed: { type: "integer" } }),
  Replay: {
    type: "object",
    properties: {
      app: text,
      endpoint: { type: "string", description: "Its id. It gets what it would not want otherwise, too." },
      filter: {
        type: "object",
        description: "Events that are all of this; the times are those of arrival.",
        properties: {
          resource: ref("Resource"),
          types: { ...list(text), minItems: 1, maxItems: MAX_TYPES },
          ids,
          ...range,
          quarantined: {
            type: "boolean",
            default: false,
            description: "true: those that are quarantined, and no others.",
          },
        },
        additionalProperties: false,
      },
      dryRun,
      cursor: { type: "string", description: "nextCursor of the step before." },
    },
    required: ["app", "endpoint", "filter", "dryRun"],
    additionalProperties: false,
  },
  Replayed: record({
    matched: { type: "integer", description: "In this step." },
    nextCursor: { ...nullable("string"), description: "Ask again with it as cursor; null: all is done." },
  }),
};

/** By what is searched. */
export const eventParameters = {
  ofApp: { ...query("app", text), required: true },
  type: query("type", text),
  resourceId: {
    ...query("resourceId", text),
    description: "Of the location or company; together with kind.",
  },
  eventId: query("eventId", id),
  deliveryState: query("state", ref("DeliveryState")),
  fromMs: query("fromMs", range.fromMs),
  toMs: query("toMs", range.toMs),
  quarantined: {
    ...query("quarantined", { type: "boolean" }),
    description: "false spares the days that cannot have what is asked for: what is quarantined may have any.",
  },
} as const;
