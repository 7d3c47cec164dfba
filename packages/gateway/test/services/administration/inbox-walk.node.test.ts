import { expect, test } from "vitest";
import { writeCursor } from "../../../src/directory/cursor.ts";
import type { InboxFilter } from "../../../src/directory/tables/inboxes.ts";
import { type Walk, walkInboxes } from "../../../src/services/administration/inbox-walk.ts";
import type { ActionContext } from "../../../src/services/administration/shared.ts";

const DAY = "2026-11-30";
const nameOf = (n: number): string => `location:l${String(n).padStart(6, "0")}:${DAY}`;
const numberOf = (name: string): number => Number(/l(\d+):/.exec(name)![1]);

/** A directory with `count` inboxes, in descending order, and objects that count concurrent calls. */
function world(count: number) {
  const seen = { calls: 0, concurrent: 0, mostConcurrent: 0 };
  const list = async ({ cursor, limit }: InboxFilter) => {
    const after = cursor === undefined ? count : numberOf(`${JSON.parse(atob(cursor))[1]}:`);
    const numbers = Array.from({ length: Math.min(limit, after) }, (_, index) => after - 1 - index);
    const items = numbers.map((n) => ({ app: "main", name: nameOf(n), firstEventAtMs: 0 }));
    const last = numbers.at(-1);
    const nextCursor = last === undefined || last === 0 ? null : writeCursor([DAY, nameOf(last)]);
    return { items, nextCursor };
  };
  const inbox = (_app: string, { resource }: { resource: { id: string } }) => ({ n: Number(resource.id.slice(1)) });
  const context = { directory: { inboxes: { list } }, objects: { inbox } } as unknown as ActionContext;
  const call = async (n: number): Promise<number> => {
    seen.calls++;
    seen.mostConcurrent = Math.max(seen.mostConcurrent, ++seen.concurrent);
    await new Promise((resolve) => setTimeout(resolve, 1));
    seen.concurrent--;
    return n;
  };
  return { context, seen, call };
}

/** Walks to the end, and returns what each step has visited. */
async function walkAll<Reply>(context: ActionContext, walk: Walk<Reply>): Promise<number[]> {
  const visited: number[] = [];
  for (let cursor: string | undefined; ; ) {
    const step = await walkInboxes(context, { app: "main", cursor }, walk);
    visited.push(step.visited);
    if (step.nextCursor === null) return visited;
    cursor = step.nextCursor;
  }
}

test("a walk calls at most 50 inboxes at the same time, and each of 20,000 once in 40 steps", async () => {
  const { context, seen, call } = world(20_000);
  const taken: number[] = [];
  const visited = await walkAll<number>(context, {
    visit: (visit) => visit.call((inbox) => call((inbox as unknown as { n: number }).n)),
    take: (n) => {
      taken.push(n);
      return { nextSeq: undefined, isEnough: false };
    },
  });
  expect([visited.length, seen.calls, seen.mostConcurrent]).toEqual([40, 20_000, 50]);
  expect(taken).toEqual(Array.from({ length: 20_000 }, (_, index) => 19_999 - index));
});

test("a walk goes on in each inbox that has more, and visits no other inbox again", async () => {
  const { context, call } = world(130);
  const parts = new Map<number, (number | undefined)[]>();
  await walkAll<{ n: number; nextSeq: number | undefined }>(context, {
    visit: async ({ beforeSeq, call: callInbox }) => {
      const n = await callInbox((inbox) => call((inbox as unknown as { n: number }).n));
      parts.set(n, [...(parts.get(n) ?? []), beforeSeq]);
      const first = n % 10 === 3 ? 3 : undefined;
      const nextSeq = beforeSeq === undefined ? first : beforeSeq > 1 ? beforeSeq - 1 : undefined;
      return { n, nextSeq };
    },
    take: ({ nextSeq }) => ({ nextSeq, isEnough: false }),
  });
  expect(parts.size).toBe(130);
  for (const [n, visits] of parts) expect(visits).toEqual(n % 10 === 3 ? [undefined, 3, 2, 1] : [undefined]);
});

test("a page that is full ends the walk at the event where it became full", async () => {
  const { context, call } = world(60);
  const found: string[] = [];
  let room = 0;
  const walk: Walk<{ n: number; before: number }> = {
    visit: async ({ beforeSeq = 4, call: callInbox }) => ({
      n: await callInbox((inbox) => call((inbox as unknown as { n: number }).n)),
      before: beforeSeq,
    }),
    take({ n, before }) {
      const events = Array.from({ length: before - 1 }, (_, index) => before - 1 - index).slice(0, room);
      found.push(...events.map((seq) => `${n}/${seq}`));
      room -= events.length;
      const isFull = room === 0;
      return { nextSeq: isFull ? events.at(-1) : undefined, isEnough: isFull };
    },
  };
  for (let cursor: string | null | undefined; cursor !== null; ) {
    room = 7;
    cursor = (await walkInboxes(context, { app: "main", cursor }, walk)).nextCursor;
  }
  const all = Array.from({ length: 60 }, (_, index) => [3, 2, 1].map((seq) => `${59 - index}/${seq}`)).flat();
  expect(found).toEqual(all);
});
