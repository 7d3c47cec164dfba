import { exceedsJsonDepth } from "@ghl-edge/core";
import type { EventRef } from "../../services/administration/events.ts";
import { readChoice } from "../../services/administration/input.ts";
import type { Replay } from "../../services/administration/replays.ts";
import { type AdminContext, readBody, readSearch } from "./input.ts";
import type { AdminRoute } from "./route.ts";

const FLAGS = ["true", "false"] as const;

function readEvent(c: AdminContext): EventRef {
  const { app = "", inbox = "", eventId = "" } = c.req.param() as Record<string, string>;
  return { app, inbox, eventId };
}

/** Stored events. */
export const eventRoutes: readonly AdminRoute[] = [
  {
    method: "get",
    path: "/admin/events",
    operationId: "listEvents",
    tag: "events",
    summary:
      "Newest day first, in it by location and company, there newest first. A page may be short, even empty, and have a nextCursor.",
    role: "viewer",
    query: ["ofApp", "kind", "resourceId", "type", "fromMs", "toMs", "quarantined", "limit", "cursor"],
    status: 200,
    answer: "EventPage",
    handle(admin, c) {
      const quarantined = readChoice("quarantined", c.req.query("quarantined"), FLAGS);
      return admin.events({
        ...readSearch(c),
        app: c.req.query("app") ?? "",
        quarantined: quarantined === undefined ? undefined : quarantined === "true",
      });
    },
  },
  {
    method: "get",
    path: "/admin/events/{app}/{inbox}/{eventId}",
    operationId: "getEvent",
    tag: "events",
    summary: "One event, with its payload.",
    role: "viewer",
    status: 200,
    answer: "WholeEvent",
    async handle(admin, c) {
      const event = await admin.event(readEvent(c));
      // Events from before there was a bound may nest to any depth, and writing the answer walks them by recursion.
      const payload = exceedsJsonDepth(event.body) ? null : (JSON.parse(event.body) as unknown);
      return { ...event, payload };
    },
  },
  {
    method: "get",
    path: "/admin/events/{app}/{inbox}/{eventId}/deliveries",
    operationId: "listEventDeliveries",
    tag: "events",
    summary: "What became of one event, at some of the app's receivers at a time, by their ids.",
    role: "viewer",
    query: ["cursor"],
    status: 200,
    answer: "DeliveryPage",
    handle: (admin, c) => admin.eventDeliveries(readEvent(c), c.req.query("cursor")),
  },
  {
    method: "post",
    path: "/admin/replays",
    operationId: "replayEvents",
    tag: "events",
    summary:
      "One step of sending stored events to a receiver again, whether they were sent or not, or of counting them. What is still due changes nothing.",
    role: "admin",
    body: "Replay",
    status: 200,
    answer: "Replayed",
    handle: async (admin, c) => admin.replayEvents(await readBody<Replay>(c)),
  },
];
