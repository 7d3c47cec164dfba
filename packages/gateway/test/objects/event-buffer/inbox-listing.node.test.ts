import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { ListedInbox } from "../../../src/directory/tables/inboxes.ts";
import { InboxListing, WRITE_EVERY_MS } from "../../../src/objects/event-buffer/inbox-listing.ts";

const inbox = (id: string): ListedInbox => ({
  app: "app",
  resource: { kind: "location", id },
  day: "2026-11-30",
  firstEventAtMs: 1,
});
const keyOf = (id: string): string => `app:location:${id}:2026-11-30`;

/** A directory that notes what each write has. */
function directory() {
  const rows = new Set<string>();
  const writes: { listed: number; forgotten: number }[] = [];
  const away = { is: false };
  const name = ({ resource }: ListedInbox): string => keyOf(resource!.id);
  return {
    rows,
    writes,
    away,
    async change(changes: { listed: readonly ListedInbox[]; forgotten: readonly ListedInbox[] }) {
      if (away.is) throw new Error("away");
      writes.push({ listed: changes.listed.length, forgotten: changes.forgotten.length });
      for (const one of changes.listed) rows.add(name(one));
      return changes.forgotten.map(name).filter((key) => rows.delete(key));
    },
  };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("one inbox is listed at once, and those that come within the next second together", async () => {
  const db = directory();
  const listing = new InboxListing(() => db);
  await listing.change("list", inbox("first"));
  const others = Array.from({ length: 600 }, (_, i) => listing.change("list", inbox(`l${i}`)));
  await vi.advanceTimersByTimeAsync(WRITE_EVERY_MS);
  await Promise.all(others);
  expect(db.writes).toEqual([
    { listed: 1, forgotten: 0 },
    { listed: 600, forgotten: 0 },
  ]);
});

it("the first events of 10,000 locations are listed with 100 rows a statement and more", async () => {
  const db = directory();
  const listing = new InboxListing(() => db);
  const all = Array.from({ length: 10_000 }, (_, i) => listing.change("list", inbox(`l${i}`)));
  await vi.advanceTimersByTimeAsync(60_000);
  await Promise.all(all);
  expect(db.rows.size).toBe(10_000);
  expect(db.writes.filter(({ listed }) => listed < 100)).toHaveLength(1);
  expect(db.writes.length).toBeLessThanOrEqual(11);
});

it("changes of one inbox are written in the order in which they came", async () => {
  const db = directory();
  const listing = new InboxListing(() => db);
  const done = [
    listing.change("list", inbox("a")),
    listing.change("forget", inbox("a")),
    listing.change("list", inbox("b")),
    listing.change("forget", inbox("b")),
    listing.change("list", inbox("b")),
  ];
  await vi.advanceTimersByTimeAsync(10_000);
  expect((await Promise.all(done))[1]).toBe(1);
  expect([...db.rows]).toEqual([keyOf("b")]);
});

it("a call fails with the directory, and its repetition lists the inbox", async () => {
  const db = directory();
  const listing = new InboxListing(() => db);
  db.away.is = true;
  await expect(listing.change("list", inbox("a"))).rejects.toThrow("away");
  db.away.is = false;
  const repeated = listing.change("list", inbox("a"));
  await vi.advanceTimersByTimeAsync(WRITE_EVERY_MS);
  await repeated;
  expect([...db.rows]).toEqual([keyOf("a")]);
});
