import { readCursor, writeCursor } from "../../directory/cursor.ts";
import type { InboxFilter } from "../../directory/inboxes.ts";
import type { WebhookInboxApi } from "../../domain/contracts/webhook-inbox.ts";
import { type InboxAddress, readInboxName, resourceKey } from "../../domain/inbox-event.ts";
import { invalid } from "./input.ts";
import { type OperationOptions, reach } from "./shared.ts";

/** Of one step: each is a call to an object, one after the other, while the operator waits. */
export const CALLS_PER_STEP = 50;

/** A cursor: in an inbox before a position, or, with an empty one, after the inbox. */
interface Place {
  readonly address: InboxAddress;
  readonly beforeSeq: number | undefined;
}

export interface Visit {
  readonly address: InboxAddress;
  /** Undefined: from the newest on. */
  readonly beforeSeq: number | undefined;
  /** Calls the inbox. */
  ask<Reply>(call: (inbox: WebhookInboxApi) => Promise<Reply>): Promise<Reply>;
}

export interface Visited {
  /** There is more in this inbox before it; undefined: no. */
  readonly nextSeq: number | undefined;
  /** Nothing more is wanted in this step. */
  readonly isEnough: boolean;
}

const write = ({ resource, day }: InboxAddress, beforeSeq?: number): string =>
  writeCursor([day, resourceKey(resource), beforeSeq === undefined ? "" : String(beforeSeq)]);

function read(cursor: string): Place {
  const [day = "", key = "", seq = ""] = readCursor(cursor, 3);
  const address = readInboxName(`${key}:${day}`);
  if (address === undefined || !/^\d{0,15}$/.test(seq)) throw invalid("cursor is not one that was given out here");
  return { address, beforeSeq: seq === "" ? undefined : Number(seq) };
}

/**
 * Goes through an app's inboxes, newest day first, newest event first in each, from where a cursor says on; for a bounded time.
 * Says the cursor to go on with; null when all have been visited.
 */
export async function walkInboxes(
  { directory, objects }: OperationOptions,
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
  const fresh = listed.items.map(({ name }): Place => ({ address: readInboxName(name)!, beforeSeq: undefined }));
  let calls = 0;
  let goOn = cursor ?? null;
  for (const { address, ...position } of [...begun, ...fresh]) {
    let { beforeSeq } = position;
    do {
      if (calls++ === CALLS_PER_STEP) return goOn;
      const ask: Visit["ask"] = (call) => reach(() => objects.inbox(app, address), call);
      const { nextSeq, isEnough } = await visit({ address, beforeSeq, ask });
      beforeSeq = nextSeq;
      goOn = write(address, nextSeq);
      if (isEnough) return goOn;
    } while (beforeSeq !== undefined);
  }
  return listed.nextCursor === null ? null : goOn;
}
