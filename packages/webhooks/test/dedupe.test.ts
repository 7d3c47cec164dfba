import { expect, it } from "vitest";
import { memoryDedupe } from "../src/index.ts";

it("lets one through, tells the others whether it is running or done", () => {
  const store = memoryDedupe();
  expect([store.begin("a"), store.begin("a"), store.begin("b")]).toEqual(["new", "running", "new"]);
  store.done("a");
  expect(store.begin("a")).toBe("done");
  store.failed("b");
  expect(store.begin("b")).toBe("new");
});

it("lets a begun event begin again after its lease, a handled one after its time", () => {
  let time = 0;
  const store = memoryDedupe({ leaseMs: 10, keepMs: 100, now: () => time });
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

it("forgets the oldest beyond its size", () => {
  const store = memoryDedupe({ maxEntries: 2 });
  for (const key of ["a", "b", "c"]) {
    store.begin(key);
    store.done(key);
  }
  expect([store.begin("c"), store.begin("b"), store.begin("a")]).toEqual(["done", "done", "new"]);
});
