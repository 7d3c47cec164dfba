import { expect, it } from "vitest";
import { DEFAULT_FUTURE_TOLERANCE_MS, DEFAULT_TOLERANCE_MS, memoryDedupe, sqlDedupe } from "../../src/index.ts";

it("memoryDedupe lets one delivery run and reports to the others whether it is running or done", () => {
  const store = memoryDedupe();
  expect([store.begin("a"), store.begin("a"), store.begin("b")]).toEqual(["new", "running", "new"]);
  store.done("a");
  expect(store.begin("a")).toBe("done");
  store.failed("b");
  expect(store.begin("b")).toBe("new");
});

it("memoryDedupe lets an unfinished event begin again after its lease, and a handled one after its retention", () => {
  let time = 0;
  const store = memoryDedupe({ leaseMs: 10, retentionMs: 100, now: () => time });
  store.begin("a");
  time = 9;
  expect(store.begin("a")).toBe("running");
  time = 10;
  expect(store.begin("a")).toBe("new");
  store.done("a");
  time = 109;
  expect(store.begin("a")).toBe("done");
  time = 110;
  expect(store.begin("a")).toBe("new");
});

it("memoryDedupe forgets the oldest events beyond its size", () => {
  const store = memoryDedupe({ maxEntries: 2 });
  for (const key of ["a", "b", "c"]) {
    store.begin(key);
    store.done(key);
  }
  expect([store.begin("c"), store.begin("b"), store.begin("a")]).toEqual(["done", "done", "new"]);
});

it("memoryDedupe remembers an event by default for longer than the time window", () => {
  let time = 0;
  const store = memoryDedupe({ now: () => time });
  // First seen ahead of its time, and replayed at the last moment at which the time window lets it through.
  store.begin("a");
  store.done("a");
  time = DEFAULT_TOLERANCE_MS + DEFAULT_FUTURE_TOLERANCE_MS;
  expect(store.begin("a")).toBe("done");
});

it.each([
  { maxEntries: 0 },
  { maxEntries: 1.5 },
  { maxEntries: Number.NaN },
  { retentionMs: 0 },
  { retentionMs: -1 },
  { retentionMs: Number.NaN },
  { retentionMs: "1000" as unknown as number },
  { leaseMs: 0 },
  { leaseMs: Number.NaN },
  { now: 7 as unknown as () => number },
])("memoryDedupe refuses the options %j at construction", (options) => {
  const configuration = expect.objectContaining({ code: "ERR_GHL_WEBHOOK_CONFIGURATION" });
  expect(() => memoryDedupe(options)).toThrow(configuration);
  const sql = { exec: () => ({ toArray: () => [] }) };
  if (!("maxEntries" in options)) expect(() => sqlDedupe(sql, options)).toThrow(configuration);
});
