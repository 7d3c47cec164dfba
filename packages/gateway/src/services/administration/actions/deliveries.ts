import * as v from "valibot";
import { DELIVERY_STATES } from "../../../domain/contracts/endpoint-dispatcher.ts";
import { defineAction } from "../action.ts";
import { listDeliveries, replayDeadLetters } from "../deliveries.ts";
import {
  checkMember,
  count,
  described,
  dryRun,
  eventId,
  eventIds,
  hasIdOfResource,
  hasKindOfResource,
  ID_OF_RESOURCE,
  KIND_OF_RESOURCE,
  key,
  MAX_NAME_LENGTH,
  optionalText,
  optionalTimeMs,
  pageEntries,
  pageOf,
  rangeEntries,
  resource,
  searchEntries,
  text,
  textOut,
  timeMs,
} from "../schema.ts";

const state = v.picklist(DELIVERY_STATES);
const attempt = v.strictObject({
  atMs: timeMs,
  durationMs: count,
  status: described(v.nullable(count), "HTTP status of the endpoint's answer. Null: there was no answer."),
  code: described(optionalText, "Stable code of the reason why there was no answer. Null: there was an answer."),
});
const delivery = v.strictObject({
  endpointId: textOut,
  id: described(textOut, "Id of the event, and webhook-id of every attempt."),
  type: textOut,
  resource: v.nullable(resource),
  inbox: described(optionalText, "Inbox that stores the event."),
  state,
  createdAtMs: timeMs,
  nextAttemptAtMs: optionalTimeMs,
  attempts: v.array(attempt),
});
export const deliveryPage = pageOf(delivery);
const replayed = v.strictObject({
  matched: described(count, "Number of dead letters that match."),
  replayed: described(count, "Number of dead letters that were made due."),
});

export const deliverySchemas = {
  DeliveryState: state,
  Attempt: attempt,
  Delivery: delivery,
  DeliveryPage: deliveryPage,
  DeadLettersReplayed: replayed,
};

export const deliveryActions = {
  listDeliveries: defineAction({
    tag: "deliveries",
    summary:
      "Lists deliveries with their attempts, newest first. A page may be short, even empty, and have a nextCursor.",
    role: "viewer",
    http: { method: "get", path: "/admin/endpoints/{id}/deliveries" },
    input: v.pipe(
      v.strictObject({
        id: key,
        state: v.optional(state),
        eventId: v.optional(eventId),
        ...searchEntries,
        ...pageEntries,
      }),
      checkMember("kind", hasKindOfResource, KIND_OF_RESOURCE),
      checkMember("resourceId", hasIdOfResource, ID_OF_RESOURCE),
    ),
    output: deliveryPage,
    run: listDeliveries,
  }),
  replayDeadLetters: defineAction({
    tag: "deliveries",
    summary:
      "Makes dead letters due, with the whole retry schedule, or counts them with dryRun. Dead letters must match every given field. The time range is that in which their deliveries were accepted.",
    role: "admin",
    http: { method: "post", path: "/admin/endpoints/{id}/dead-letters/replay", body: "DeadLetters" },
    input: v.strictObject({
      id: key,
      ids: v.optional(eventIds),
      type: v.optional(text(MAX_NAME_LENGTH)),
      resource: v.optional(resource),
      ...rangeEntries,
      dryRun,
    }),
    output: replayed,
    run: replayDeadLetters,
  }),
};
