import { readCursor, writeCursor } from "../../directory/cursor.ts";
import type { InboxFilter } from "../../directory/tables/inboxes.ts";
import type { WebhookInboxApi } from "../../domain/contracts/webhook-inbox.ts";
import { type InboxAddress, readInboxName, resourceKey } from "../../domain/events/inbox-event.ts";
import { type ActionContext, invalid, reach } from "./shared.ts";

/** Calls to objects in one step. They are made one after the other while the operator waits. */
export const CALLS_PER_STEP = 50;

/** Position of a cursor: before a sequence number in an inbox, or after the inbox where there is none. */
interface Position {
  readonly address: InboxAddress;
  readonly beforeSeq: number | undefined;
}

export interface Visit {
  readonly address: InboxAddress;
  /** The visit starts with the newest event where this is undefined. */
  readonly beforeSeq: number | undefined;
  /** Calls the inbox. */
  call<Reply>(call: (inbox: WebhookInboxApi) => Promise<Reply>): Promise<Reply>;
}

export interface Visited {
  /** The inbox has more before this one. Undefined: it has no more. */
  readonly nextSeq: number | undefined;
  /** This step has all that it looks for. */
  readonly isEnough: boolean;
}

const write = ({ resource, day }: InboxAddress, beforeSeq?: number): string =>
  writeCursor([day, resourceKey(resource), beforeSeq === undefined ? "" : String(beforeSeq)]);

function read(cursor: string): Position {
  const [day = "", key = "", seq = ""] = readCursor(cursor, 3);
  const address = readInboxName(`${key}:${day}`);
  if (address === undefined || !/^\d{0,15}$/.test(seq)) throw invalid("cursor must be the nextCursor of a step before");
  return { address, beforeSeq: seq === "" ? undefined : Number(seq) };
}

/**
 * Visits an app's inboxes from the position of a cursor on, for a bounded time: the newest day first, the newest event first in each.
 *
 * @returns the cursor of the next step; null when all have been visited
 */
export async function walkInboxes(
  { directory, objects }: ActionContext,
  { app, cursor, ...filter }: Omit<InboxFilter, "limit">,
  visit: (visit: Visit) => Promise<Visited>,
): Promise<string | null> {
  const from = cursor === undefined ? undefined : read(cursor);
  const listed = await directory.inboxes.list({
    ...filter,
    app,
    limit: CALLS_PER_STEP,
    cursor: from && writeCursor([from.address.day, resourceKey(from.address.resource)]),
  });
  const begun = from?.beforeSeq === undefined ? [] : [from];
  const fresh = listed.items.map(({ name }): Position => ({ address: readInboxName(name)!, beforeSeq: undefined }));
  let calls = 0;
  let goOn = cursor ?? null;
  for (const { address, ...position } of [...begun, ...fresh]) {
    let { beforeSeq } = position;
    do {
      if (calls++ === CALLS_PER_STEP) return goOn;
      const callInbox: Visit["call"] = (call) => reach(() => objects.inbox(app, address), call);
      const { nextSeq, isEnough } = await visit({ address, beforeSeq, call: callInbox });
      beforeSeq = nextSeq;
      goOn = write(address, nextSeq);
      if (isEnough) return goOn;
    } while (beforeSeq !== undefined);
  }
  return listed.nextCursor === null ? null : goOn;
}
