import type { Page, PageRequest } from "../../domain/administration-model.ts";
import type { StoredEvent } from "../../domain/contracts/webhook-inbox.ts";
import { daysOfArrival } from "../../domain/event-days.ts";
import { type EventSource, eventId, type InboxAddress, inboxName, readInboxName } from "../../domain/inbox-event.ts";
import type { Resource } from "../../domain/resource.ts";
import { redactedJson } from "../../domain/secret-url.ts";
import { type Delivery, toDelivery } from "./deliveries.ts";
import { walkInboxes } from "./inbox-walk.ts";
import { checkApp, eachShard, known, type OperationOptions, reach } from "./shared.ts";
import type { TimeRange } from "./wanted.ts";

/** Of an app, that are asked for an event: so many at a time. */
const ENDPOINTS_AT_ONCE = 20;

/** A stored event without its body. */
export interface EventSummary {
  readonly app: string;
  /** `location:<id>:<day>`: where it is kept. */
  readonly inbox: string;
  /** As receivers see it. */
  readonly id: string;
  /** Its name, or `unknown`. */
  readonly type: string;
  /** `type` of its payload. */
  readonly wireType: string | null;
  readonly source: EventSource;
  readonly resource: Resource | null;
  /** HighLevel's. */
  readonly webhookId: string | null;
  readonly eventAtMs: number | null;
  readonly receivedAtMs: number;
  readonly quarantined: boolean;
  readonly bodyBytes: number;
}

export interface EventFilter extends PageRequest, TimeRange {
  readonly app: string;
  readonly resource?: Resource | undefined;
  readonly type?: string | undefined;
  readonly quarantined?: boolean | undefined;
}

export interface EventRef {
  readonly app: string;
  readonly inbox: string;
  readonly eventId: string;
}

/** What operators can see of events. */
export interface EventOperations {
  /** Newest day first, by inbox, newest first in each. A page may be short, even empty, and not the last. */
  events(filter: EventFilter): Promise<Page<EventSummary>>;
  /** With its body as it was signed; for a viewer without the paths and queries of addresses, and then written again. */
  event(ref: EventRef): Promise<EventSummary & { readonly body: string }>;
  /** What became of it at the endpoints of its app, by their ids; some endpoints at a time. */
  eventDeliveries(ref: EventRef, cursor?: string): Promise<Page<Delivery>>;
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

export function createEventOperations(options: OperationOptions): EventOperations {
  const { config, directory, objects, role } = options;

  async function find({ app, inbox, eventId: id }: EventRef) {
    checkApp(config, app);
    const address = known("event", readInboxName(inbox));
    const event = await reach(
      () => objects.inbox(app, address),
      (there) => there.event(id),
    );
    return { address, event: known("event", event) };
  }

  return {
    async events({ app, resource, type, limit, cursor, ...wanted }) {
      checkApp(config, app);
      const items: EventSummary[] = [];
      const query = { ...wanted, names: type === undefined ? undefined : [type] };
      const filter = { app, resource, cursor, ...daysOfArrival(wanted) };
      const nextCursor = await walkInboxes(options, filter, async ({ address, beforeSeq, ask }) => {
        const room = limit - items.length;
        const found = await ask((inbox) => inbox.events({ ...query, beforeSeq }, room));
        items.push(...found.map((event) => toSummary(app, address, event)));
        const isFull = found.length === room;
        return { nextSeq: isFull ? found.at(-1)?.seq : undefined, isEnough: isFull };
      });
      return { items, nextCursor };
    },
    async event(ref) {
      const { address, event } = await find(ref);
      const body = new TextDecoder().decode(event.body);
      return { ...toSummary(ref.app, address, event), body: role === "admin" ? body : redactedJson(body) };
    },
    async eventDeliveries(ref, cursor) {
      const { event } = await find(ref);
      const ids = [eventId(event.dedupeKey)];
      const page = { app: ref.app, limit: ENDPOINTS_AT_ONCE, cursor };
      const { items, nextCursor } = await directory.endpoints.list(page);
      const found = items.map(async (endpoint) => {
        const pages = await Promise.all(eachShard(objects, endpoint, (shard) => shard.deliveries({ ids }, 1)));
        return pages.flatMap((one) => one.items.map((report) => toDelivery(endpoint, report)));
      });
      return { items: (await Promise.all(found)).flat(), nextCursor };
    },
  };
}
