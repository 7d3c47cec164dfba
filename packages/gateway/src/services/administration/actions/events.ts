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

const eventEntries = {
  app: textOut,
  inbox: described(textOut, "Inbox that stores the event: <kind>:<id>:<day of the signed time>."),
  id: described(v.pipe(textOut, v.regex(/^evt_[0-9a-f]{32}$/)), "Value of webhook-id at the endpoints."),
  type: described(textOut, "Name of the event, or unknown."),
  wireType: described(optionalText, "Field `type` of the payload."),
  source: v.picklist(EVENT_SOURCES),
  resource: v.nullable(resource),
  webhookId: described(optionalText, "HighLevel's id of the webhook."),
  eventAtMs: described(optionalTimeMs, "Time that HighLevel has signed."),
  receivedAtMs: timeMs,
  quarantined: described(v.boolean(), "It came from outside the replay window and was sent to no endpoint."),
  bodyBytes: count,
};
const event = v.strictObject(eventEntries);
const eventPage = pageOf(event);

const isObjectOrList = (value: unknown): boolean => isObject(value) || Array.isArray(value);
const wholeEvent = v.strictObject({
  ...eventEntries,
  payload: described(
    v.nullable(v.pipe(v.custom<object>(isObjectOrList), v.metadata({ type: "object" }))),
    "The body as JSON, where large numbers are rounded. Null: it nests deeper than 64 levels.",
  ),
  body: described(
    textOut,
    "The body as it was signed. A viewer sees it without the paths and queries of the addresses in it.",
  ),
});
const replayed = v.strictObject({ matched: described(count, "Events of this step."), nextCursor: nextStep });

export const eventSchemas = { Event: event, EventPage: eventPage, WholeEvent: wholeEvent, Replayed: replayed };

const eventRef = { app: key, inbox: key, eventId: key };
const quarantined = v.boolean();

export const eventActions = {
  listEvents: defineAction({
    tag: "events",
    summary:
      "Lists stored events: the newest day first, within a day by location and company, and within these the newest first. A page may be short, even empty, and have a nextCursor.",
    role: "viewer",
    http: { method: "get", path: "/admin/events" },
    input: v.pipe(
      v.strictObject({
        app: key,
        ...searchEntries,
        quarantined: v.optional(
          described(quarantined, "false skips days that cannot match. A quarantined event may belong to any day."),
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
    summary: "Lists the deliveries of one event, for some of the app's endpoints per page, by their ids.",
    role: "viewer",
    http: { method: "get", path: "/admin/events/{app}/{inbox}/{eventId}/deliveries" },
    input: v.strictObject({ ...eventRef, cursor: pageEntries.cursor }),
    output: deliveryPage,
    run: listEventDeliveries,
  }),
  replayEvents: defineAction({
    tag: "events",
    summary:
      "One step of sending stored events to an endpoint again, whether they were sent or not, or of counting them. A delivery that is still due does not change.",
    role: "admin",
    http: { method: "post", path: "/admin/replays", body: "Replay" },
    input: v.strictObject({
      app: appName,
      endpoint: described(text(MAX_NAME_LENGTH), "Its id. It also gets events that its own settings leave out."),
      filter: described(
        v.strictObject({
          resource: v.optional(resource),
          types: v.optional(eventTypes(1)),
          ids: v.optional(eventIds),
          ...rangeEntries,
          quarantined: v.optional(described(quarantined, "true: only quarantined events. false: only others."), false),
        }),
        "Events match every given field. Times are those of arrival.",
      ),
      dryRun,
      cursor: v.optional(cursor()),
    }),
    output: replayed,
    run: replayEvents,
  }),
};
