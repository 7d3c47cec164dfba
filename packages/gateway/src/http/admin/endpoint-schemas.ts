import { ENDPOINT_FORMATS, ENDPOINT_KINDS, ENDPOINT_STATES } from "../../domain/endpoint.ts";
import { MAX_NAME_LENGTH, MAX_SHARDS, MAX_TYPES } from "../../services/administration/endpoint-input.ts";
import { MAX_OVERLAP_HOURS } from "../../services/administration/secret-rotation.ts";
import { list, nullable, page, record, ref, resources, type Schema, text, timeMs } from "./schema-parts.ts";

const nullableTime: Schema = { ...nullable("integer"), format: "int64" };

const settings = {
  name: { type: "string", minLength: 1, maxLength: MAX_NAME_LENGTH },
  kind: ref("EndpointKind"),
  target: {
    type: "string",
    description:
      "https: a URL, whose host alone is shown in lists and to viewers. queue, service: name of a binding after RECEIVER_QUEUE_ or RECEIVER_SERVICE_. workflow: URL of its Inbound Webhook trigger, a secret that is shown without its path. A URL that is left out, or sent as it is shown, stays.",
  },
  format: {
    type: "string",
    enum: ENDPOINT_FORMATS,
    default: "envelope",
    description: "raw: HighLevel's bytes with HighLevel's signature beside ours.",
  },
  ordered: { type: "boolean", default: false, description: "A contact's events one after the other." },
  shards: {
    type: "integer",
    minimum: 1,
    maximum: MAX_SHARDS,
    default: 1,
    description: "Objects that share the deliveries. It may grow, not shrink.",
  },
  types: {
    type: ["array", "null"],
    items: text,
    maxItems: MAX_TYPES,
    description: "Names of events, * at the end for all that begin so. Null: all. Default: null; of a workflow none.",
  },
  resources,
  filter: {
    type: ["object", "null"],
    description: "What the payload has to be, as a content pattern of Amazon EventBridge. Null: anything.",
  },
  state: { ...ref("EndpointState"), default: "active" },
} satisfies Readonly<Record<string, Schema>>;

const REQUIRED = ["name", "kind"];

/** Of `/admin/endpoints`. */
export const endpointSchemas: Readonly<Record<string, Schema>> = {
  EndpointKind: { type: "string", enum: ENDPOINT_KINDS },
  EndpointState: {
    type: "string",
    enum: ENDPOINT_STATES,
    description: "paused: events are kept for it and not sent. disabled: they are not even kept.",
  },
  Endpoint: record({
    id: text,
    app: text,
    ...settings,
    disabledBecause: {
      ...nullable("string"),
      description:
        "gone: it answered 410. failing: nothing but failures for days. backlog: more waited than is kept. operator.",
    },
    createdAtMs: timeMs,
    createdBy: text,
    changedAtMs: timeMs,
  }),
  EndpointPage: page("Endpoint"),
  NewEndpoint: {
    type: "object",
    properties: { app: text, ...settings },
    required: ["app", ...REQUIRED, "target"],
    additionalProperties: false,
  },
  EndpointSettings: {
    type: "object",
    description: "All of them: what is left out takes its default.",
    properties: settings,
    required: REQUIRED,
    additionalProperties: false,
  },
  CreatedEndpoint: record({
    endpoint: ref("Endpoint"),
    secret: {
      ...nullable("string"),
      description: "Signs what it is sent. It is in this answer and nowhere else. Null: nothing is signed.",
    },
  }),
  SecretRotation: {
    type: "object",
    properties: {
      overlapHours: {
        type: "integer",
        minimum: 0,
        maximum: MAX_OVERLAP_HOURS,
        default: 24,
        description: "How long the secret before signs beside the new one; one that is older still ends now.",
      },
    },
    additionalProperties: false,
  },
  RotatedSecret: record({
    secret: { type: "string", description: "It is in this answer and nowhere else." },
    previousValidUntilMs: { ...nullableTime, description: "Of the secret before." },
  }),
  EndpointTest: record({ eventId: { type: "string", description: "Under which the delivery is listed." } }),
  EndpointStatus: record({
    due: { type: "integer" },
    dead: { type: "integer" },
    oldestDueAtMs: nullableTime,
    breaker: record({
      failures: { type: "integer", description: "In a row, that were the receiver's." },
      openUntilMs: { ...nullableTime, description: "Nothing is sent before it." },
      openings: { type: "integer", description: "Since the last success." },
      failingSinceMs: nullableTime,
    }),
  }),
  DeliveryState: { type: "string", enum: ["due", "delivered", "dead"] },
  Attempt: record({
    atMs: timeMs,
    durationMs: { type: "integer" },
    status: { ...nullable("integer"), description: "What the receiver answered." },
    code: { ...nullable("string"), description: "Why no answer came." },
  }),
  Delivery: record({
    endpointId: text,
    id: { type: "string", description: "The event's: webhook-id of every attempt." },
    type: text,
    resource: { anyOf: [ref("Resource"), { type: "null" }] },
    inbox: { ...nullable("string"), description: "Where the event is kept." },
    state: ref("DeliveryState"),
    createdAtMs: timeMs,
    nextAttemptAtMs: nullableTime,
    attempts: list(ref("Attempt")),
  }),
  DeliveryPage: page("Delivery"),
};
