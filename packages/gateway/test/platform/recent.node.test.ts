import { expect, test } from "vitest";
import { createRecent, RECENT_MS, STALE_RETRY_MS } from "../../src/platform/recent.ts";

test("a cached value expires after 30 s, and reads do not prolong it", () => {
  let nowMs = 0;
  const recent = createRecent<string>({ now: () => nowMs });
  recent.set("a", "1");
  nowMs = RECENT_MS - 1;
  expect(recent.get("a")).toBe("1");
  nowMs = RECENT_MS;
  expect(recent.get("a")).toBeUndefined();
  expect(RECENT_MS).toBeLessThanOrEqual(30_000);
});

test("a cached value with a shorter lifetime expires sooner, and clearing removes all", () => {
  let nowMs = 0;
  const recent = createRecent<string>({ freshMs: 10, now: () => nowMs });
  recent.set("a", "1");
  nowMs = 9;
  expect(recent.get("a")).toBe("1");
  nowMs = 10;
  expect(recent.get("a")).toBeUndefined();
  recent.set("b", "2");
  recent.clear();
  expect(recent.get("b")).toBeUndefined();
});

test("a cache keeps the newest thousand", () => {
  const recent = createRecent<number>({ now: () => 0 });
  for (let i = 0; i < 1_500; i++) recent.set(String(i), i);
  expect([recent.get("499"), recent.get("500"), recent.get("1499")]).toEqual([undefined, 500, 1_499]);
});

test("a cached value whose source cannot be read is used for some seconds at a time, and not for longer than it may be old", () => {
  let nowMs = 0;
  const recent = createRecent<string>({ freshMs: 10_000, staleMs: 60_000, now: () => nowMs });
  recent.set("a", "1");
  nowMs = 10_000;
  expect([recent.get("a"), recent.getStale("a"), recent.get("a")]).toEqual([undefined, "1", "1"]);
  nowMs += STALE_RETRY_MS;
  expect([recent.get("a"), recent.getStale("a")]).toEqual([undefined, "1"]);
  nowMs = 59_999;
  expect([recent.get("a"), recent.getStale("a")]).toEqual([undefined, "1"]);
  nowMs = 60_000;
  expect([recent.get("a"), recent.getStale("a"), recent.getStale("b")]).toEqual([undefined, undefined, undefined]);
});
