import { exceedsJsonDepth, type Resource } from "@ghl-edge/core";
import type { Page, PageRequest } from "../../domain/administration-model.ts";
import type { StoredEvent } from "../../domain/contracts/webhook-inbox.ts";
import { redactedJson } from "../../domain/delivery/secret-url.ts";
import { daysOfArrival } from "../../domain/events/event-days.ts";
import {
  type EventSource,
  eventId,
  type InboxAddress,
  inboxName,
  readInboxName,
} from "../../domain/events/inbox-event.ts";
import { type Delivery, type TimeRange, toDelivery } from "./deliveries.ts";
import { walkInboxes } from "./inbox-walk.ts";
import { type ResourceSearch, searchedResource } from "./schema.ts";
import { type ActionContext, checkApp, eachShard, known, reach } from "./shared.ts";

/** Endpoints of an app whose deliveries one page shows. */
const ENDPOINTS_PER_PAGE = 20;

/** A stored event without its body. */
export interface EventSummary {
  readonly app: string;
  /** `location:<id>:<day>`: the inbox that stores it. */
  readonly inbox: string;
  /** The `webhook-id` that endpoints receive. */
  readonly id: string;
  /** Its name, or `unknown`. */
  readonly type: string;
  /** `type` of its payload. */
  readonly wireType: string | null;
  readonly source: EventSource;
  readonly resource: Resource | null;
  /** HighLevel's id of the webhook. */
  readonly webhookId: string | null;
  readonly eventAtMs: number | null;
  readonly receivedAtMs: number;
  readonly quarantined: boolean;
  readonly bodyBytes: number;
}

export interface EventSearch extends PageRequest, TimeRange, ResourceSearch {
  readonly app: string;
  readonly type?: string | undefined;
  readonly quarantined?: boolean | undefined;
}

export interface WholeEvent extends EventSummary {
  /** Null: the body nests too deep. */
  readonly payload: object | null;
  readonly body: string;
}

export interface EventRef {
  readonly app: string;
  readonly inbox: string;
  readonly eventId: string;
}

function toSummary(app: string, address: InboxAddress, event: StoredEvent): EventSummary {
  return {
    app,
    inbox: inboxName(address),
    id: eventId(event.dedupeKey),
    type: event.name,
    wireType: event.type ?? null,
    source: event.source,
    resource: address.resource ?? null,
    webhookId: event.webhookId ?? null,
    eventAtMs: event.eventAtMs ?? null,
    receivedAtMs: event.receivedAtMs,
    quarantined: event.quarantined,
    bodyBytes: event.bodyBytes,
  };
}

async function find({ config, objects }: ActionContext, { app, inbox, eventId: id }: EventRef) {
  checkApp(config, app);
  const address = known("event", readInboxName(inbox));
  const event = await reach(
    () => objects.inbox(app, address),
    (there) => there.event(id),
  );
  return { address, event: known("event", event) };
}

/** Lists events: the newest day first, by inbox, the newest event first in each. A page may be short, even empty, and not the last. */
export async function listEvents(context: ActionContext, search: EventSearch): Promise<Page<EventSummary>> {
  const { app, type, limit, cursor, fromMs, toMs, quarantined } = search;
  checkApp(context.config, app);
  const items: EventSummary[] = [];
  const query = { fromMs, toMs, quarantined, names: type === undefined ? undefined : [type] };
  const filter = { app, resource: searchedResource(search), cursor, ...daysOfArrival(query) };
  const { nextCursor } = await walkInboxes(context, filter, {
    visit: ({ beforeSeq, call }) => call((inbox) => inbox.events({ ...query, beforeSeq }, limit)),
    take(found, address) {
      const room = limit - items.length;
      const shown = found.slice(0, room);
      items.push(...shown.map((event) => toSummary(app, address, event)));
      const isFull = shown.length === room;
      return { nextSeq: isFull ? shown.at(-1)?.seq : undefined, isEnough: isFull };
    },
  });
  return { items, nextCursor };
}

/** Returns an event with its body as it was signed. For a viewer, paths and queries of addresses are left out of it. */
export async function getEvent(context: ActionContext, ref: EventRef): Promise<WholeEvent> {
  const { address, event } = await find(context, ref);
  const signed = new TextDecoder().decode(event.body);
  const body = context.role === "admin" ? signed : redactedJson(signed);
  // Older events may nest to any depth, and an answer is written by recursion.
  const payload = exceedsJsonDepth(body) ? null : (JSON.parse(body) as object | null);
  return { ...toSummary(ref.app, address, event), payload, body };
}

/** Lists the deliveries of an event by the ids of the app's endpoints, some endpoints per page. */
export async function listEventDeliveries(
  context: ActionContext,
  { cursor, ...ref }: EventRef & { readonly cursor?: string | undefined },
): Promise<Page<Delivery>> {
  const { event } = await find(context, ref);
  const ids = [eventId(event.dedupeKey)];
  const page = { app: ref.app, limit: ENDPOINTS_PER_PAGE, cursor };
  const { items, nextCursor } = await context.directory.endpoints.list(page);
  const found = items.map(async (endpoint) => {
    const pages = await Promise.all(eachShard(context.objects, endpoint, (shard) => shard.deliveries({ ids }, 1)));
    return pages.flatMap((one) => one.items.map((report) => toDelivery(endpoint, report)));
  });
  return { items: (await Promise.all(found)).flat(), nextCursor };
}
