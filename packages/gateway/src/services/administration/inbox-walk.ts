import { readCursor, writeCursor } from "../../directory/cursor.ts";
import type { InboxFilter } from "../../directory/tables/inboxes.ts";
import type { WebhookInboxApi } from "../../domain/contracts/webhook-inbox.ts";
import { type InboxAddress, readInboxName, resourceKey } from "../../domain/events/inbox-event.ts";
import { type ActionContext, invalid, reach } from "./shared.ts";

/**
 * Calls to inboxes in one step. A request may make 10,000 subrequests on the paid plan of Workers, and 50 on the free one.
 * https://developers.cloudflare.com/workers/platform/limits/, a stored copy of which was read on 2026-11-30. An older copy says 1,000.
 */
const CALLS_PER_STEP = 500;
/** Inboxes that are called at the same time. The number begins low, because the first inboxes often have a whole page of events. */
const FIRST_CONCURRENT = 4;
const MAX_CONCURRENT = 50;

/** Position of a cursor: before a sequence number in an inbox, or after the inbox where there is none. */
interface Position {
  readonly address: InboxAddress;
  readonly beforeSeq: number | undefined;
}

export interface Visit {
  /** The visit starts with the newest event where this is undefined. */
  readonly beforeSeq: number | undefined;
  /** Calls the inbox. */
  call<Reply>(call: (inbox: WebhookInboxApi) => Promise<Reply>): Promise<Reply>;
  /** Whether the step may make another call. */
  mayCall(): boolean;
}

export interface Visited {
  /** The inbox has more before this one. Undefined: it has no more. */
  readonly nextSeq: number | undefined;
  /** This step has all that it looks for. Replies of later inboxes are dropped. */
  readonly isEnough: boolean;
}

export interface Walk<Reply> {
  /** Visits one inbox. Many visits run at the same time. */
  visit(visit: Visit): Promise<Reply>;
  /** Takes the replies, in the order of the inboxes. */
  take(reply: Reply, address: InboxAddress): Visited;
}

/** Result of one step. */
export interface WalkStep {
  /** Cursor of the next step. Null: all inboxes have been visited. */
  readonly nextCursor: string | null;
  /** Number of inboxes that were visited. */
  readonly visited: number;
}

const textOf = ({ resource, day }: InboxAddress, seq: number | undefined): string[] => [
  day,
  resourceKey(resource),
  seq === undefined ? "" : String(seq),
];

/** A cursor is the last inbox that was visited, and the inboxes up to there that have more. */
function write(last: InboxAddress, unfinished: readonly Position[]): string {
  const more = unfinished.map(({ address, beforeSeq }) => textOf(address, beforeSeq));
  return writeCursor([last.day, resourceKey(last.resource), JSON.stringify(more)]);
}

const badCursor = (): Error => invalid("cursor must be the nextCursor of a step before");

function readAddress(day: unknown, key: unknown): InboxAddress {
  const address = readInboxName(`${String(key)}:${String(day)}`);
  if (address === undefined) throw badCursor();
  return address;
}

function readUnfinished(text: string): Position[] {
  let more: unknown;
  try {
    more = JSON.parse(text);
  } catch {
    throw badCursor();
  }
  if (!Array.isArray(more) || more.length > MAX_CONCURRENT) throw badCursor();
  return more.map((entry: unknown) => {
    if (!Array.isArray(entry) || !/^\d{1,15}$/.test(String(entry[2]))) throw badCursor();
    return { address: readAddress(entry[0], entry[1]), beforeSeq: Number(entry[2]) };
  });
}

function read(cursor: string): { readonly last: InboxAddress; readonly unfinished: Position[] } {
  const [day, key, more = ""] = readCursor(cursor, 3);
  return { last: readAddress(day, key), unfinished: readUnfinished(more) };
}

/**
 * Visits an app's inboxes from the position of a cursor on, for a bounded number of calls: the newest day first. Up to 50 inboxes are
 * visited at the same time, and their replies are taken in order. Days that cannot have an event of the filter are left out.
 */
export async function walkInboxes<Reply>(
  { directory, objects }: ActionContext,
  { app, cursor, ...filter }: Omit<InboxFilter, "limit">,
  { visit, take }: Walk<Reply>,
): Promise<WalkStep> {
  const from = cursor === undefined ? undefined : read(cursor);
  const after = from && writeCursor([from.last.day, resourceKey(from.last.resource)]);
  const listed = await directory.inboxes.list({ ...filter, app, limit: CALLS_PER_STEP, cursor: after });
  const fresh = listed.items.map(({ name }): Position => ({ address: readInboxName(name)!, beforeSeq: undefined }));
  const positions = [...(from?.unfinished ?? []), ...fresh];
  let calls = 0;
  let last = from?.last;
  let visited = 0;
  const mayCall = (): boolean => calls < CALLS_PER_STEP;
  const visitAt = ({ address, beforeSeq }: Position): Promise<Reply> => {
    const call: Visit["call"] = (callInbox) => {
      calls++;
      return reach(() => objects.inbox(app, address), callInbox);
    };
    return visit({ beforeSeq, call, mayCall });
  };
  for (let concurrent = FIRST_CONCURRENT; visited < positions.length; concurrent *= 2) {
    if (!mayCall()) return { nextCursor: write(last!, []), visited };
    const count = Math.min(concurrent, MAX_CONCURRENT, CALLS_PER_STEP - calls);
    const wave = positions.slice(visited, visited + count);
    const replies = await Promise.all(wave.map(visitAt));
    const unfinished: Position[] = [];
    for (const [index, { address, beforeSeq }] of wave.entries()) {
      // An inbox of the cursor was passed by the step before.
      if (beforeSeq === undefined || last === undefined) last = address;
      visited++;
      const { nextSeq, isEnough } = take(replies[index]!, address);
      if (nextSeq !== undefined) unfinished.push({ address, beforeSeq: nextSeq });
      // Inboxes of the cursor that this step did not take are still unfinished.
      if (isEnough) return { nextCursor: write(last, [...unfinished, ...begunAfter(positions, visited)]), visited };
    }
    if (unfinished.length > 0)
      return { nextCursor: write(last!, [...unfinished, ...begunAfter(positions, visited)]), visited };
  }
  const end = listed.items.at(-1);
  if (listed.nextCursor === null || end === undefined) return { nextCursor: null, visited };
  return { nextCursor: write(readInboxName(end.name)!, []), visited };
}

const begunAfter = (positions: readonly Position[], visited: number): readonly Position[] =>
  positions.slice(visited).filter(({ beforeSeq }) => beforeSeq !== undefined);
