import type { Gateway } from "./gateway.ts";
import { APP } from "./gateway.ts";
import type { Acks } from "./sender.ts";
import type { Traffic } from "./traffic.ts";

/** The events that the endpoint has received. */
export interface Received {
  /** `webhook-id` → how often. */
  readonly byId: ReadonlyMap<string, number>;
  /** Number of arrivals of each event, by its number. */
  readonly byNumber: Uint16Array;
}

interface EventPage {
  readonly items: readonly { readonly id: string; readonly quarantined: boolean }[];
  readonly nextCursor: string | null;
}

interface EndpointStatus {
  readonly due: number;
  readonly dead: number;
}

/** Entries in one page of `/admin`. */
const PAGE = 200;

/** Ids of what is stored, and of those that are quarantined: all pages of `/admin/events`. */
async function stored(gateway: Gateway): Promise<{ rows: number; active: Set<string>; quarantined: Set<string> }> {
  const active = new Set<string>();
  const quarantined = new Set<string>();
  let rows = 0;
  let cursor: string | null = "";
  while (cursor !== null) {
    const more: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const page: EventPage = await gateway.admin("GET", `events?app=${APP}&type=ContactCreate&limit=${PAGE}${more}`);
    for (const { id, quarantined: isStale } of page.items) (isStale ? quarantined : active).add(id);
    rows += page.items.length;
    cursor = page.nextCursor;
  }
  return { rows, active, quarantined };
}

/** A run of events, and what came back for them. */
export interface Run {
  readonly endpointId: string;
  readonly traffic: Traffic;
  readonly acks: Acks;
  readonly received: Received;
}

/** Returns one line for each broken promise. An empty list proves one row and one effect for each event. */
export async function breaches(
  gateway: Gateway,
  { endpointId, traffic, acks, received: { byId, byNumber } }: Run,
): Promise<string[]> {
  const found: string[] = [];
  const expect = (what: string, value: number, expected: number): void => {
    if (value !== expected) found.push(`${what}: ${value}, not ${expected}`);
  };
  const numbers = Array.from({ length: traffic.distinct }, (_, number) => number);
  const stale = numbers.filter(traffic.isStale).length;
  const fresh = traffic.distinct - stale;
  const posts = traffic.order.length;

  expect("acknowledged with 200", acks.statuses[200] ?? 0, posts);
  expect("said to be duplicates", acks.outcomes.duplicate ?? 0, posts - traffic.distinct);
  const { rows, active, quarantined } = await stored(gateway);
  expect("rows in inboxes", rows, traffic.distinct);
  expect("different events stored", active.size, fresh);
  expect("different events quarantined", quarantined.size, stale);

  expect("different ids delivered", byId.size, fresh);
  expect("ids delivered more than once", [...byId.values()].filter((times) => times !== 1).length, 0);
  expect("ids delivered that are not stored", [...byId.keys()].filter((id) => !active.has(id)).length, 0);
  const effects = (number: number): number => (traffic.isStale(number) ? 0 : 1);
  expect("events with another number of effects", numbers.filter((n) => byNumber[n] !== effects(n)).length, 0);
  const status = await gateway.admin<EndpointStatus>("GET", `endpoints/${endpointId}/status`);
  expect("deliveries still due", status.due, 0);
  expect("dead letters", status.dead, 0);
  return found;
}
