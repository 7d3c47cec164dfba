import { isObject } from "@ghl-edge/core";
import { MAX_BATCH_EVENTS } from "@ghl-edge/webhooks/gateway";
import * as v from "valibot";
import { BINDING, bindingName } from "../../../domain/delivery/binding-name.ts";
import {
  ENDPOINT_FORMATS,
  ENDPOINT_KINDS,
  ENDPOINT_STATES,
  type EndpointKind,
} from "../../../domain/delivery/endpoint.ts";
import { MAX_SHARDS } from "../../../domain/delivery/shard-growth.ts";
import { type EventFilter, filterProblem } from "../../../domain/events/event-filter.ts";
import { defineAction } from "../action.ts";
import {
  changeEndpoint,
  createEndpoint,
  endpointStatus,
  getEndpoint,
  removeEndpoint,
  rotateEndpointSecret,
  setEndpointState,
  testEndpoint,
} from "../endpoints.ts";
import {
  appName,
  appPageEntries,
  checkMember,
  count,
  described,
  eventTypes,
  key,
  MAX_NAME_LENGTH,
  optionalText,
  optionalTimeMs,
  pageOf,
  resources,
  text,
  textOut,
  timeMs,
  wholeNumber,
} from "../schema.ts";
import { overlapHours } from "../secret-rotation.ts";

const filter = v.pipe(
  v.custom<EventFilter>(isObject, "an object"),
  v.rawCheck(({ dataset, addIssue }) => {
    const problem = dataset.typed ? filterProblem(dataset.value) : undefined;
    if (problem !== undefined) addIssue({ message: problem });
  }),
  v.metadata({
    type: "object",
    description: "Content pattern of Amazon EventBridge that the payload must match. Null matches any payload.",
  }),
);

/** The target of a queue and of a service is the name of a binding. It is never left out. */
const fitsKind = ({ kind, target }: { readonly kind: EndpointKind; readonly target?: string | undefined }): boolean =>
  (kind !== "queue" && kind !== "service") || v.is(bindingName, target);

const kind = v.picklist(ENDPOINT_KINDS);
const state = described(
  v.picklist(ENDPOINT_STATES),
  "State of the endpoint. active: events are sent to it. paused: events are stored for it but not sent. disabled: no events are stored for it.",
);
const target = described(
  v.string("a text"),
  "Destination of the deliveries. https: a URL, of which lists and viewers see only the host. queue, service: name of a binding after DESTINATION_QUEUE_ or DESTINATION_SERVICE_. workflow: URL of the Inbound Webhook trigger, which is a secret and is shown without its path. A URL that is left out, or sent as it is shown, stays.",
);
const format = described(
  v.picklist(ENDPOINT_FORMATS),
  "Format of the body. envelope: the gateway's JSON around HighLevel's payload. raw: HighLevel's bytes, with HighLevel's signature beside the gateway's.",
);
const ordered = described(v.boolean(), "Whether events of the same contact are delivered one after the other.");
const shards = described(
  wholeNumber(1, MAX_SHARDS),
  "Number of objects that share the deliveries. It can grow, but not shrink. It also grows by itself with a backlog, unless the endpoint is ordered. The default is 1, or the number as it is.",
);
const batchSize = described(
  wholeNumber(1, MAX_BATCH_EVENTS),
  'Most events in one request. Above 1 the body is {"events": […]} with one signature, and the response may name events that failed. A queue gets a message for each event and up to this many in one call. Above 1 the format must be envelope and the kind must not be workflow.',
);
const types = described(
  v.nullable(eventTypes(0)),
  "Names of the events that the endpoint gets. A name that ends in * matches every name with this beginning. Null matches all. The default is null, or no event for a workflow.",
);

const settings = {
  name: text(MAX_NAME_LENGTH),
  kind,
  format: v.optional(format, "envelope"),
  ordered: v.optional(ordered, false),
  batchSize: v.optional(batchSize, 1),
  shards: v.optional(shards),
  types: v.optional(types),
  resources: v.optional(resources, null),
  filter: v.optional(v.nullable(filter), null),
  state: v.optional(state, "active"),
};

const endpoint = v.strictObject({
  id: textOut,
  app: textOut,
  name: textOut,
  kind,
  target: described(
    textOut,
    "Destination of the deliveries: a URL or the name of a binding. Only an admin sees more of a URL than its host.",
  ),
  format,
  ordered,
  batchSize,
  shards,
  types: v.nullable(v.array(textOut)),
  resources,
  filter: v.nullable(filter),
  state,
  disabledBecause: described(
    v.nullable(v.picklist(["gone", "failing", "backlog", "operator"])),
    "Reason why the endpoint is disabled. gone: it answered 410. failing: every delivery failed for days. backlog: more deliveries waited than the app allows. operator: an operator disabled it. Null: it is not disabled.",
  ),
  createdAtMs: timeMs,
  createdBy: textOut,
  changedAtMs: timeMs,
});
const endpointPage = pageOf(endpoint);
const createdEndpoint = v.strictObject({
  endpoint,
  secret: described(
    optionalText,
    "Secret that signs the deliveries. It is shown only in this answer. Null: nothing is signed.",
  ),
});
const rotatedSecret = v.strictObject({
  secret: described(textOut, "The new secret. It is shown only in this answer."),
  previousValidUntilMs: described(
    optionalTimeMs,
    "Time until which the previous secret signs as well, in milliseconds since 1970. Null: no previous secret is valid.",
  ),
});
const endpointTest = v.strictObject({
  eventId: described(textOut, "Id of the test event, under which its delivery is listed."),
});
const status = v.strictObject({
  due: described(count, "Number of deliveries that wait for an attempt."),
  dead: described(count, "Number of dead letters."),
  oldestDueAtMs: described(
    optionalTimeMs,
    "Time at which the oldest of the waiting deliveries was accepted. Null: no delivery waits.",
  ),
  breaker: v.strictObject({
    failures: described(count, "Number of consecutive failures that the endpoint has caused."),
    openUntilMs: described(
      optionalTimeMs,
      "Time before which nothing is sent, in milliseconds since 1970. Null: the breaker is closed.",
    ),
    openings: described(count, "Number of times that the breaker opened since the last success."),
    failingSinceMs: described(
      optionalTimeMs,
      "Start of the time without any success. Null: the last attempt succeeded, or there was none.",
    ),
  }),
});

export const endpointSchemas = {
  EndpointKind: kind,
  EndpointState: state,
  Endpoint: endpoint,
  EndpointPage: endpointPage,
  CreatedEndpoint: createdEndpoint,
  RotatedSecret: rotatedSecret,
  EndpointTest: endpointTest,
  EndpointStatus: status,
};

const tag = "endpoints";

/** Endpoints are the destinations of events. */
export const endpointActions = {
  listEndpoints: defineAction({
    tag,
    summary: "Lists endpoints, ordered by id.",
    role: "viewer",
    http: { method: "get", path: "/admin/endpoints" },
    input: v.strictObject(appPageEntries),
    output: endpointPage,
    run: ({ directory }, input) => directory.endpoints.list(input),
  }),
  createEndpoint: defineAction({
    tag,
    summary: "Creates an endpoint for an app's events, and shows its signing secret once.",
    role: "admin",
    http: { method: "post", path: "/admin/endpoints", status: 201, body: "NewEndpoint" },
    input: v.pipe(v.strictObject({ app: appName, ...settings, target }), checkMember("target", fitsKind, BINDING)),
    output: createdEndpoint,
    run: createEndpoint,
  }),
  getEndpoint: defineAction({
    tag,
    summary: "Returns one endpoint.",
    role: "viewer",
    http: { method: "get", path: "/admin/endpoints/{id}" },
    input: v.strictObject({ id: key }),
    output: endpoint,
    run: getEndpoint,
  }),
  changeEndpoint: defineAction({
    tag,
    summary:
      "Replaces all settings of an endpoint. A setting that is left out takes its default, except the target, which stays. App and secrets stay.",
    role: "admin",
    http: { method: "put", path: "/admin/endpoints/{id}", body: "EndpointSettings" },
    input: v.pipe(
      v.strictObject({ id: key, ...settings, target: v.optional(target) }),
      checkMember("target", fitsKind, BINDING),
    ),
    output: endpoint,
    run: changeEndpoint,
  }),
  rotateEndpointSecret: defineAction({
    tag,
    summary: "Creates a new signing secret and shows it once. The previous one signs beside it for overlapHours.",
    role: "admin",
    http: { method: "post", path: "/admin/endpoints/{id}/secrets", status: 201, body: "SecretRotation" },
    input: v.strictObject({ id: key, overlapHours }),
    output: rotatedSecret,
    run: rotateEndpointSecret,
  }),
  enableEndpoint: defineAction({
    tag,
    summary: "Activates an endpoint, and makes its waiting deliveries due now.",
    role: "admin",
    http: { method: "post", path: "/admin/endpoints/{id}/enable" },
    input: v.strictObject({ id: key }),
    output: endpoint,
    run: (context, { id }) => setEndpointState(context, id, "active"),
  }),
  pauseEndpoint: defineAction({
    tag,
    summary: "Pauses an endpoint: its events are stored, and nothing is sent until it is enabled.",
    role: "admin",
    http: { method: "post", path: "/admin/endpoints/{id}/pause" },
    input: v.strictObject({ id: key }),
    output: endpoint,
    run: (context, { id }) => setEndpointState(context, id, "paused"),
  }),
  testEndpoint: defineAction({
    tag,
    summary:
      "Sends the event endpoint.test to one endpoint. The delivery waits while the endpoint is paused or its breaker is open.",
    role: "admin",
    http: { method: "post", path: "/admin/endpoints/{id}/test", status: 202 },
    input: v.strictObject({ id: key }),
    output: endpointTest,
    run: testEndpoint,
  }),
  getEndpointStatus: defineAction({
    tag,
    summary: "Returns the numbers of waiting deliveries and dead letters, and the state of the breaker.",
    role: "viewer",
    http: { method: "get", path: "/admin/endpoints/{id}/status" },
    input: v.strictObject({ id: key }),
    output: status,
    run: endpointStatus,
  }),
  removeEndpoint: defineAction({
    tag,
    summary: "Removes an endpoint and its pending deliveries.",
    role: "admin",
    http: { method: "delete", path: "/admin/endpoints/{id}", status: 204 },
    input: v.strictObject({ id: key }),
    output: v.undefined(),
    run: removeEndpoint,
  }),
};
