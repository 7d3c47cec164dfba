import { evictDurableObject, reset, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { type SqlDedupeOptions, signDelivery, sqlDedupe, writeEnvelope } from "../../src/gateway.ts";
import worker, { type Env } from "./worker.ts";

const bindings = env as unknown as Env;
const { SEEN, GATEWAY_SECRET } = bindings;
const HOUR_MS = 3_600_000;

afterEach(async () => {
  await reset();
});

/** Runs `test` on the storage of a real object. */
function onStorage(test: (sql: SqlStorage) => void | Promise<void>, name = "storage"): Promise<void> {
  return runInDurableObject(SEEN.getByName(name), (_object, ctx) => test(ctx.storage.sql));
}

const keysOf = (sql: SqlStorage) =>
  sql
    .exec<{ key: string }>("SELECT key FROM ghl_webhook_dedupe ORDER BY key")
    .toArray()
    .map(({ key }) => key);

describe("sqlDedupe on the storage of an object", () => {
  it("sqlDedupe on the storage of an object lets one delivery run and reports to the others whether it is running or done", () =>
    onStorage((sql) => {
      const store = sqlDedupe(sql);
      expect([store.begin("a"), store.begin("a"), store.begin("b")]).toEqual(["new", "running", "new"]);
      store.done("a");
      expect(store.begin("a")).toBe("done");
      store.failed("b");
      expect(store.begin("b")).toBe("new");
    }));

  it("sqlDedupe on the storage of an object lets an unfinished event begin again after its lease, and a handled one after its retention", () =>
    onStorage((sql) => {
      let time = 0;
      const store = sqlDedupe(sql, { leaseMs: 10, retentionMs: 100, now: () => time });
      store.begin("a");
      time = 9;
      expect(store.begin("a")).toBe("running");
      time = 10;
      expect([store.begin("a"), store.begin("a")]).toEqual(["new", "running"]);
      store.done("a");
      time = 109;
      expect(store.begin("a")).toBe("done");
      time = 110;
      expect([store.begin("a"), store.begin("a")]).toEqual(["new", "running"]);
    }));

  it("sqlDedupe on the storage of an object keeps a handled event when an earlier call with an expired lease fails late", () =>
    onStorage((sql) => {
      let time = 0;
      const store = sqlDedupe(sql, { leaseMs: 10, now: () => time });
      store.begin("a");
      time = 10;
      expect(store.begin("a")).toBe("new");
      store.done("a");
      store.failed("a");
      expect(store.begin("a")).toBe("done");
    }));

  it("sqlDedupe on the storage of an object remembers an event for 97 hours by default, with a lease of five minutes", () =>
    onStorage((sql) => {
      let time = 0;
      const store = sqlDedupe(sql, { now: () => time });
      store.begin("done");
      store.done("done");
      store.begin("crashed");
      time = 300_000;
      expect([store.begin("done"), store.begin("crashed")]).toEqual(["done", "new"]);
      time = 97 * HOUR_MS - 1;
      expect(store.begin("done")).toBe("done");
      time++;
      expect(store.begin("done")).toBe("new");
    }));

  it("sqlDedupe on the storage of an object deletes expired rows once an hour", () =>
    onStorage((sql) => {
      let time = 0;
      const store = sqlDedupe(sql, { leaseMs: 10, retentionMs: 100, now: () => time });
      for (const key of ["a", "b"]) {
        store.begin(key);
        store.done(key);
      }
      time = HOUR_MS - 1;
      store.begin("c");
      expect(keysOf(sql)).toEqual(["a", "b", "c"]);
      time = HOUR_MS;
      store.begin("d");
      expect(keysOf(sql)).toEqual(["c", "d"]);
    }));

  it("sqlDedupe on the storage of an object agrees with a model in memory for any order of calls", () =>
    onStorage((sql) => {
      const call = fc.tuple(
        fc.constantFrom("begin", "done", "failed"),
        fc.constantFrom("a", "b", "c"),
        fc.constantFrom(0, 1, 10, 50, HOUR_MS),
      );
      const options = { leaseMs: 10, retentionMs: 100 } satisfies SqlDedupeOptions;
      fc.assert(
        fc.property(fc.array(call, { maxLength: 40 }), (calls) => {
          sql.exec("DELETE FROM ghl_webhook_dedupe");
          let time = 0;
          const model = new Map<string, { state: "running" | "done"; untilMs: number }>();
          const store = sqlDedupe(sql, { ...options, now: () => time });
          for (const [method, key, laterMs] of calls) {
            time += laterMs;
            const entry = model.get(key);
            if (method === "begin") {
              const want = entry !== undefined && entry.untilMs > time ? entry.state : "new";
              expect(store.begin(key)).toBe(want);
              if (want === "new") model.set(key, { state: "running", untilMs: time + options.leaseMs });
            } else if (method === "done") {
              store.done(key);
              model.set(key, { state: "done", untilMs: time + options.retentionMs });
            } else {
              store.failed(key);
              if (entry?.state === "running") model.delete(key);
            }
          }
        }),
        { numRuns: 100 },
      );
    }));
});

describe("a Worker with one object for all its isolates", () => {
  const post = async (id: string, headers: Record<string, string> = {}) => {
    const times = { timestampMs: 0, receivedAtMs: 0 };
    const fields = { id, type: "ContactCreate", ...times, app: "main", resource: null, source: "highlevel" } as const;
    const body = writeEnvelope(fields, new TextEncoder().encode("{}"));
    const timestampSeconds = Math.floor(Date.now() / 1000);
    const signed = await signDelivery({ id, timestampSeconds, body, secrets: [GATEWAY_SECRET] });
    const init = { method: "POST", body, headers: { ...signed, ...headers } };
    const response = await worker.fetch(new Request("https://receiver.example/", init), bindings);
    return { status: response.status, ...((await response.json()) as { handled?: boolean; reason?: string }) };
  };

  it("a Worker with one object for all its isolates handles a delivery once, even after the object was evicted", async () => {
    expect(await post("evt_1")).toMatchObject({ status: 200, handled: true });
    expect(await post("evt_1")).toMatchObject({ status: 200, handled: false, reason: "duplicate" });
    await evictDurableObject(SEEN.getByName("gateway"));
    expect(await post("evt_1")).toMatchObject({ status: 200, handled: false, reason: "duplicate" });
    expect(await post("evt_2")).toMatchObject({ status: 200, handled: true });
  });

  it("a Worker with one object for all its isolates runs a failed delivery again", async () => {
    expect(await post("evt_1", { "x-fail": "1" })).toMatchObject({ status: 500 });
    expect(await post("evt_1")).toMatchObject({ status: 200, handled: true });
  });

  it("a Worker with one object for all its isolates runs one of many simultaneous deliveries", async () => {
    const stub = SEEN.getByName("race");
    const states = await Promise.all(Array.from({ length: 50 }, () => stub.begin("a")));
    expect(states.filter((state) => state === "new")).toHaveLength(1);
    expect(states.filter((state) => state === "running")).toHaveLength(49);
  });
});
