import { isObject } from "@ghl-edge/core";
import * as v from "valibot";
import { EVENT_SOURCES } from "../../../domain/events/inbox-event.ts";
import { defineAction } from "../action.ts";
import { getEvent, listEventDeliveries, listEvents } from "../events.ts";
import { replayEvents } from "../replays.ts";
import {
  appName,
  checkMember,
  count,
  cursor,
  described,
  dryRun,
  eventIds,
  eventTypes,
  hasIdOfResource,
  hasKindOfResource,
  ID_OF_RESOURCE,
  KIND_OF_RESOURCE,
  key,
  MAX_NAME_LENGTH,
  nextStep,
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
import { deliveryPage } from "./deliveries.ts";

/** A cursor may hold positions in 50 inboxes. */
const MAX_CURSOR_LENGTH = 16_384;

const eventEntries = {
  app: textOut,
  inbox: described(textOut, "Inbox that stores the event: <kind>:<id>:<day of the signed time>."),
  id: described(v.pipe(textOut, v.regex(/^evt_[0-9a-f]{32}$/)), "Id of the event, and webhook-id of its deliveries."),
  type: described(textOut, "Name of the event. unknown: the gateway does not know the event."),
  wireType: described(optionalText, "Value of `type` in the payload. Null: there is none."),
  source: v.picklist(EVENT_SOURCES),
  resource: v.nullable(resource),
  webhookId: described(optionalText, "HighLevel's id of the webhook. Null: there is none."),
  eventAtMs: described(
    optionalTimeMs,
    "Time of the event that HighLevel has signed, in milliseconds since 1970. Null: there is none.",
  ),
  receivedAtMs: timeMs,
  quarantined: described(
    v.boolean(),
    "Whether the event came from outside the replay window. Such an event is sent to no endpoint.",
  ),
  bodyBytes: count,
};
const event = v.strictObject(eventEntries);
const eventPage = pageOf(event);

const isObjectOrList = (value: unknown): boolean => isObject(value) || Array.isArray(value);
const wholeEvent = v.strictObject({
  ...eventEntries,
  payload: described(
    v.nullable(v.pipe(v.custom<object>(isObjectOrList), v.metadata({ type: "object" }))),
    "The body as JSON. Large numbers are rounded. Null: the body nests deeper than 64 levels.",
  ),
  body: described(textOut, "The body as it was signed. A viewer sees the URLs in it without their paths and queries."),
});
const replayed = v.strictObject({
  matched: described(count, "Number of events that matched in this step."),
  inboxes: described(
    count,
    "Number of inboxes that this step has visited. An inbox has the events of one location and day.",
  ),
  nextCursor: nextStep,
});

export const eventSchemas = { Event: event, EventPage: eventPage, WholeEvent: wholeEvent, Replayed: replayed };

const eventRef = { app: key, inbox: key, eventId: key };
const quarantined = v.boolean();

export const eventActions = {
  listEvents: defineAction({
    tag: "events",
    summary:
      "Lists stored events. The newest day comes first; within a day events are ordered by location and company, and within these the newest comes first. A page may be short, even empty, and have a nextCursor.",
    role: "viewer",
    http: { method: "get", path: "/admin/events" },
    input: v.pipe(
      v.strictObject({
        app: key,
        ...searchEntries,
        quarantined: v.optional(
          described(
            quarantined,
            "Whether to list only quarantined events or only others. false skips days that cannot match. A quarantined event may belong to any day.",
          ),
        ),
        ...pageEntries,
      }),
      checkMember("kind", hasKindOfResource, KIND_OF_RESOURCE),
      checkMember("resourceId", hasIdOfResource, ID_OF_RESOURCE),
    ),
    output: eventPage,
    run: listEvents,
  }),
  getEvent: defineAction({
    tag: "events",
    summary: "Returns one event with its payload.",
    role: "viewer",
    http: { method: "get", path: "/admin/events/{app}/{inbox}/{eventId}" },
    input: v.strictObject(eventRef),
    output: wholeEvent,
    run: getEvent,
  }),
  listEventDeliveries: defineAction({
    tag: "events",
    summary:
      "Lists the deliveries of one event, ordered by the id of the endpoint. Each page covers some of the app's endpoints.",
    role: "viewer",
    http: { method: "get", path: "/admin/events/{app}/{inbox}/{eventId}/deliveries" },
    input: v.strictObject({ ...eventRef, cursor: pageEntries.cursor }),
    output: deliveryPage,
    run: listEventDeliveries,
  }),
  replayEvents: defineAction({
    tag: "events",
    summary:
      "Sends stored events to an endpoint, one step per call, whether they were sent before or not. With dryRun they are only counted. A delivery that is still due does not change.",
    role: "admin",
    http: { method: "post", path: "/admin/replays", body: "Replay" },
    input: v.strictObject({
      app: appName,
      endpoint: described(
        text(MAX_NAME_LENGTH),
        "Id of the endpoint. It also gets events that its own settings exclude.",
      ),
      filter: described(
        v.strictObject({
          resource: v.optional(resource),
          types: v.optional(eventTypes(1)),
          ids: v.optional(eventIds),
          ...rangeEntries,
          quarantined: v.optional(
            described(quarantined, "Whether to send only quarantined events or only others."),
            false,
          ),
        }),
        "Selection of events. They must match every given field. The time range is that of their arrival.",
      ),
      dryRun,
      cursor: v.optional(cursor(MAX_CURSOR_LENGTH)),
    }),
    output: replayed,
    run: replayEvents,
  }),
};
