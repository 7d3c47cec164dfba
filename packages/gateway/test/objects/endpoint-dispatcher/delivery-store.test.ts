import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { NewDelivery } from "../../../src/domain/contracts/endpoint-dispatcher.ts";
import { createDeliveryRetention, RETENTION_MS } from "../../../src/objects/endpoint-dispatcher/delivery-retention.ts";
import type { DueDelivery } from "../../../src/objects/endpoint-dispatcher/delivery-rows.ts";
import { createDeliveryStore, type DeliveryStore } from "../../../src/objects/endpoint-dispatcher/delivery-store.ts";
import { createLocationOutbox } from "../../../src/objects/token-grant/location-outbox.ts";
import { createInboxStore } from "../../../src/objects/webhook-inbox/inbox-store.ts";
import { metered } from "../../support/sql-meter.ts";

const HOUR_MS = 3_600_000;
const ADDRESS = { app: "main", endpointId: "ep_store", shard: 0 };
const ALL = { deliveries: 6, bytes: 1_000_000 };
let objects = 0;

/** Storage of an object of its own. */
const inStorage = <Result>(work: (storage: DurableObjectStorage) => Result | Promise<Result>): Promise<Result> =>
  runInDurableObject(env.EVENT_BUFFER.getByName(`store-${++objects}`), (_object, { storage }) => work(storage));

const newDelivery = (id: string, orderKey: string | null, bytes = 2): NewDelivery => ({
  id,
  type: "ContactUpdate",
  source: "highlevel",
  resource: { kind: "location", id: "l1" },
  inbox: null,
  orderKey,
  headers: {},
  body: new Uint8Array(bytes),
});

const record = (
  store: DeliveryStore,
  delivery: DueDelivery,
  [state, nextAttemptAtMs]: ["due" | "delivered" | "dead", number | null],
) => store.record(delivery, { state, nextAttemptAtMs, attempt: { atMs: 0, durationMs: 1, status: 200, code: null } });

describe("a query for due deliveries", () => {
  /** Rows that a look reads, and what the end of the head reads and writes, behind which so many wait. */
  const lookAt = (waiting: number) =>
    inStorage(({ sql }) => {
      const meter = metered(sql);
      const store = createDeliveryStore(meter.sql);
      for (let n = 0; n <= waiting; n++)
        store.add(ADDRESS, newDelivery(`e${n}`, "contact"), { resend: false, nowMs: 1_000 });
      const [head] = store.due(2_000, ALL, []);
      record(store, head!, ["due", 9_000]);
      const early = meter.count(() => [store.due(2_000, ALL, []), store.nextDueAtMs()] as const);
      expect(early.result).toEqual([[], 9_000]);
      const [again] = store.due(9_000, ALL, []);
      const beside = meter.count(() => store.due(9_000, ALL, [again!]));
      expect(beside.result).toEqual([]);
      const ended = meter.count(() => record(store, again!, ["delivered", null]));
      expect(store.due(9_000, ALL, []).map(({ id }) => id)).toEqual(["e1"]);
      return { early: early.read, beside: beside.read, ended: ended.read, written: ended.written };
    });

  it("reads as many rows whatever the number of blocked deliveries", async () => {
    const [few, many] = [await lookAt(10), await lookAt(10_000)];
    expect(many).toEqual(few);
    expect(many.early).toBeLessThan(10);
  });

  it("of what is ordered costs one written row more where others wait before it, and none where none do", async () => {
    const rows = await inStorage(({ sql }) => {
      const meter = metered(sql);
      const store = createDeliveryStore(meter.sql);
      const cost = (id: string, orderKey: string | null) =>
        meter.count(() => store.add(ADDRESS, newDelivery(id, orderKey), { resend: false, nowMs: 1_000 })).written;
      cost("first", null);
      const plain = cost("plain", null);
      const head = cost("head", "k");
      const waits = cost("waits", "k");
      const [, , inFlight] = store.due(1_000, ALL, []);
      expect(inFlight!.id).toBe("head");
      return { plain, head, waits, end: meter.count(() => record(store, inFlight!, ["delivered", null])).written };
    });
    // A row, its id's index, and one of what is ready or in order; what waits is not in the index of what is ready.
    expect(rows.head).toBe(rows.plain + 1);
    expect(rows.waits).toBe(rows.plain);
  });
});

describe("deliveries that are made due", () => {
  /** Rows that a pull and the looks after it read and write, where so many wait for their next attempt for hours. */
  const makeDue = (waiting: number) =>
    inStorage(({ sql }) => {
      const meter = metered(sql);
      const store = createDeliveryStore(meter.sql);
      store.add(ADDRESS, newDelivery("first", null), { resend: false, nowMs: 1_000 });
      sql.exec(
        `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
          INSERT INTO delivery (id, type, source, headers, body, state, next_attempt_at_ms, tries, attempts, created_at_ms)
          SELECT 'e' || i, 't', 'highlevel', '{}', x'00', 'due', 5000000 + i, 8, '[]', 1000 FROM n`,
        waiting,
      );
      record(store, store.due(2_000, ALL, [])[0]!, ["delivered", null]);
      expect(store.due(2_000, ALL, [])).toEqual([]);
      const moved = meter.count(() => store.makeAllDue(2_000));
      const looked = meter.count(() => [store.nextDueAtMs(), store.due(2_000, ALL, [])] as const);
      const [nextMs, due] = looked.result;
      expect(nextMs).toBeLessThanOrEqual(2_000);
      expect(due.map(({ id, tries }) => [id, tries])).toEqual(
        ["e1", "e2", "e3", "e4", "e5", "e6"].map((id) => [id, 8]),
      );
      return { moved: [moved.read, moved.written], looked: looked.read };
    });

  it("costs the same rows whatever waits, and keeps the attempts that were made", async () => {
    const [few, many] = [await makeDue(10), await makeDue(20_000)];
    expect(many).toEqual(few);
    expect(many.moved[0]).toBeLessThan(10);
    expect(many.moved[1]).toBe(1);
  });

  it("is due until it has failed again, then later as the schedule says; also in another activation of the object", async () => {
    await inStorage(({ sql }) => {
      const store = createDeliveryStore(sql);
      for (const id of ["e1", "e2"]) store.add(ADDRESS, newDelivery(id, null), { resend: false, nowMs: 1_000 });
      for (const one of store.due(1_000, ALL, [])) record(store, one, ["due", HOUR_MS]);
      store.makeAllDue(2_000);
      const again = createDeliveryStore(sql);
      const [one, other] = again.due(2_000, ALL, []);
      const attempt = { atMs: 2_000, durationMs: 5, status: 500, code: null };
      again.record(one!, { state: "due", nextAttemptAtMs: 7_000, attempt });
      const nextAttempts = () => again.list({}, 10).items.map(({ nextAttemptAtMs }) => nextAttemptAtMs);
      expect(nextAttempts()).toEqual([2_000, 7_000]);
      expect(again.due(6_999, ALL, []).map(({ id }) => id)).toEqual([other!.id]);
      again.record(other!, { state: "delivered", nextAttemptAtMs: null, attempt });
      expect(again.nextDueAtMs()).toBe(7_000);
      expect(again.due(6_999, ALL, [])).toEqual([]);
      again.add(ADDRESS, newDelivery("e3", null), { resend: false, nowMs: 3_000 });
      expect(again.due(3_000, ALL, []).map(({ id, createdAtMs }) => [id, createdAtMs])).toEqual([["e3", 3_000]]);
      expect(nextAttempts()).toEqual([3_000, null, 7_000]);
      // Where nothing waits for its time, pulling changes nothing.
      for (let n = 0; n < 5; n++) again.makeAllDue(4_000 + n);
      expect(sql.exec<{ n: number }>("SELECT clock_ahead_ms AS n FROM dispatcher").one().n).toBeLessThanOrEqual(
        HOUR_MS + 10_000,
      );
    });
  });

  it("includes a delivery that was in flight to the earlier receiver, and one that was blocked by an older one", async () => {
    await inStorage(({ sql }) => {
      const store = createDeliveryStore(sql);
      for (const id of ["e1", "e2"]) store.add(ADDRESS, newDelivery(id, "a"), { resend: false, nowMs: 1_000 });
      const end = (state: "due" | "delivered", atMs: number | null, startMs: number): void => {
        const [one] = store.due(startMs, ALL, []);
        store.record(one!, {
          state,
          nextAttemptAtMs: atMs,
          attempt: { atMs: startMs, durationMs: 5, status: 200, code: null },
        });
      };
      end("delivered", null, 1_000);
      const [inFlight] = store.due(1_001, ALL, []);
      store.makeAllDue(1_500);
      const attempt = { atMs: 1_001, durationMs: 900, status: 500, code: null };
      store.record(inFlight!, { state: "due", nextAttemptAtMs: HOUR_MS, attempt });
      expect(store.due(1_901, ALL, []).map(({ id, tries }) => [id, tries])).toEqual([["e2", 1]]);
      end("due", HOUR_MS, 2_000);
      expect(store.due(2_001, ALL, [])).toEqual([]);
      // The older one is sent again, goes first, and e2 is out of the index of what is ready.
      store.add(ADDRESS, newDelivery("e1", "a"), { resend: true, nowMs: 3_000 });
      store.makeAllDue(3_001);
      expect(store.due(3_001, ALL, []).map(({ id }) => id)).toEqual(["e1"]);
      end("delivered", null, 3_002);
      expect(store.due(3_010, ALL, []).map(({ id, tries }) => [id, tries])).toEqual([["e2", 2]]);
    });
  });
});

describe("retention", () => {
  const MINUTE_MS = 60_000;
  /** Ended deliveries, the first `old` of them 31 days old at time 0. */
  const fill = (sql: SqlStorage, { old, young, due = 0 }: { old: number; young: number; due?: number }) => {
    const store = createDeliveryStore(sql);
    store.add(ADDRESS, newDelivery("first", null), { resend: false, nowMs: -31 * 24 * HOUR_MS });
    const [first] = store.due(0, ALL, []);
    record(store, first!, ["delivered", null]);
    sql.exec(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
        INSERT INTO delivery (id, type, source, headers, state, next_attempt_at_ms, tries, attempts, created_at_ms)
        SELECT 'e' || i, 't', 'highlevel', '{}', iif(i <= ?4, 'due', 'delivered'), NULL, 1, '[]', iif(i < ?2, ?3, -1000) FROM n`,
      old + young - 1,
      old,
      -31 * 24 * HOUR_MS,
      due,
    );
  };
  const left = (sql: SqlStorage) => sql.exec<{ n: number }>("SELECT count(*) AS n FROM delivery").one().n;

  it("of a table whose rows are all young reads one row, whatever their number, and hourly at most", async () => {
    const reads = (young: number) =>
      inStorage(({ sql, kv }) => {
        const meter = metered(sql);
        fill(sql, { old: 0, young });
        sql.exec("UPDATE delivery SET created_at_ms = -1000");
        const retention = createDeliveryRetention({ sql: meter.sql, kv });
        const first = meter.count(() => retention.run(0)).read;
        return [first, meter.count(() => retention.run(HOUR_MS - 1)).read, retention.nextAtMs(0) >= HOUR_MS];
      });
    expect(await reads(20_000)).toEqual(await reads(200));
    expect(await reads(200)).toEqual([1, 0, true]);
  });

  it("keeps deliveries as long as the app keeps events", async () => {
    await inStorage(({ sql, kv }) => {
      fill(sql, { old: 10, young: 5 });
      createDeliveryRetention({ sql, kv }, () => 32 * 24 * HOUR_MS).run(0);
      expect(left(sql)).toBe(15);
      createDeliveryRetention({ sql, kv }, () => 4 * 24 * HOUR_MS).run(0);
      expect(left(sql)).toBe(5);
    });
  });

  it("drops what is old in bounded runs, whatever the size of the table, until all of it is gone", async () => {
    const rows = (young: number) =>
      inStorage(({ sql, kv }) => {
        const meter = metered(sql);
        fill(sql, { old: 2_500, young });
        const runs: number[] = [];
        let nowMs = 0;
        // Every run is in another activation of the object.
        for (; runs.length < 5; ) {
          const retention = createDeliveryRetention({ sql: meter.sql, kv });
          runs.push(meter.count(() => retention.run(nowMs)).read);
          nowMs = retention.nextAtMs(nowMs);
        }
        expect(left(sql)).toBe(young);
        return runs;
      });
    const [small, large] = [await rows(2_000), await rows(20_000)];
    expect(large).toEqual(small);
    expect(Math.max(...large)).toBeLessThan(5_000);
  });

  it("passes what is old and still due once a day, not at every look", async () => {
    await inStorage(({ sql, kv }) => {
      const meter = metered(sql);
      fill(sql, { old: 3_000, young: 100, due: 3_000 });
      let nowMs = 0;
      let read = 0;
      while (nowMs < 20 * HOUR_MS) {
        const retention = createDeliveryRetention({ sql: meter.sql, kv });
        read += meter.count(() => retention.run(nowMs)).read;
        nowMs += 10 * MINUTE_MS;
      }
      expect(read).toBeLessThan(12_000);
      // A delivery that has ended since is deleted within a day, and the newest row of all stays.
      sql.exec("UPDATE delivery SET state = 'delivered'");
      const retention = createDeliveryRetention({ sql, kv });
      for (nowMs = 30 * HOUR_MS; nowMs < 31 * HOUR_MS; nowMs = retention.nextAtMs(nowMs)) retention.run(nowMs);
      expect(left(sql)).toBeLessThanOrEqual(101);
      for (nowMs = RETENTION_MS + HOUR_MS; nowMs < RETENTION_MS + 4 * HOUR_MS; nowMs += HOUR_MS) retention.run(nowMs);
      expect(left(sql)).toBe(1);
    });
  });
});

describe("retention of other objects", () => {
  it("of an inbox reads the same rows whatever the size of its table, and looks again after an hour", async () => {
    const drop = (young: number) =>
      inStorage(({ sql }) => {
        const meter = metered(sql);
        const tenant = { app: "main", resource: undefined, day: "undated" };
        const event = {
          name: "ContactCreate",
          type: undefined,
          webhookId: undefined,
          eventAtMs: undefined,
          quarantined: false,
          source: "highlevel",
          signature: undefined,
          lifecycle: undefined,
          body: new Uint8Array(1),
        } as const;
        const first = createInboxStore(sql);
        first.insert(tenant, { ...event, dedupeKey: "oldest" }, 1_000);
        first.tasks.schedule({ seq: 1, task: "ep_1", resend: false, tries: 0, failures: 0 }, 0);
        first.insert(tenant, { ...event, dedupeKey: "old" }, 2_000);
        const insert = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
          INSERT INTO event (dedupe_key, name, received_at_ms, quarantined, source, body)
          SELECT 'e' || i, 'ContactCreate', ?2, 0, 'highlevel', x'00' FROM n`;
        sql.exec(insert, young, 10 * HOUR_MS);
        const store = createInboxStore(meter.sql);
        store.newestReceivedAtMs();
        const early = meter.count(() => store.deleteReceivedBefore(HOUR_MS)).read;
        const late = meter.count(() => store.deleteReceivedBefore(2 * HOUR_MS)).read;
        const again = meter.count(() => store.deleteReceivedBefore(2 * HOUR_MS)).read;
        const left = sql.exec<{ n: number }>("SELECT count(*) AS n FROM event").one().n;
        expect(sql.exec<{ n: number }>("SELECT count(*) AS n FROM event_task").one().n).toBe(0);
        return { early, late, isReadAgain: again > 20, left: left - young };
      });
    const [small, large] = [await drop(2_000), await drop(20_000)];
    expect(large).toEqual(small);
    expect(small).toMatchObject({ early: 0, isReadAgain: false, left: 0 });
  });

  it("of a company with many locations: whether any is owed something is told by few rows", async () => {
    const reads = (count: number) =>
      inStorage(({ sql }) => {
        const meter = metered(sql);
        const outbox = createLocationOutbox(meter.sql);
        for (let n = 0; n < count; n++) outbox.remember(`l${n}`);
        const none = meter.count(() => outbox.pending(1)).read;
        outbox.add("installed", 1, ["l7"]);
        const one = meter.count(() => outbox.pending(1));
        expect(one.result).toEqual([{ locationId: "l7", event: "installed", atMs: 1 }]);
        return { none, one: one.read };
      });
    expect(await reads(5_000)).toEqual(await reads(50));
  });
});

describe("under any order of results", () => {
  const keys = fc.constantFrom(null, "a", "b", "c");
  const steps = fc.array(
    fc.oneof(
      { weight: 4, arbitrary: fc.record({ do: fc.constant("add" as const), key: keys }) },
      { weight: 5, arbitrary: fc.record({ do: fc.constant("take" as const), most: fc.integer({ min: 1, max: 6 }) }) },
      {
        weight: 6,
        arbitrary: fc.record({
          do: fc.constant("end" as const),
          which: fc.nat(5),
          as: fc.constantFrom("delivered", "due", "dead", "crash"),
        }),
      },
      { weight: 1, arbitrary: fc.record({ do: fc.constant("retry dead" as const) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant("make all due" as const) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant("again" as const), which: fc.nat(30) }) },
    ),
    { maxLength: 80 },
  );

  it("no delivery is lost or in flight twice, and deliveries of one key are sent one after the other, the oldest first", async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (drawn) => {
        await inStorage(({ sql }) => {
          const store = createDeliveryStore(sql);
          const known: NewDelivery[] = [];
          const done = new Set<string>();
          let inFlight: DueDelivery[] = [];
          let nowMs = 1_000;
          const take = (most: number): void => {
            for (const one of store.due(nowMs, { deliveries: most, bytes: 1_000 }, inFlight)) {
              expect(inFlight.map(({ seq }) => seq)).not.toContain(one.seq);
              if (one.orderKey !== null) {
                expect(inFlight.map(({ orderKey }) => orderKey)).not.toContain(one.orderKey);
                const first = `SELECT min(seq) AS n FROM delivery WHERE state = 'due' AND order_key = ?`;
                expect(sql.exec<{ n: number }>(first, one.orderKey).one().n).toBe(one.seq);
              }
              inFlight.push(one);
            }
          };
          for (const step of drawn) {
            nowMs += 10;
            if (step.do === "add") {
              const delivery = newDelivery(`e${known.length}`, step.key);
              known.push(delivery);
              store.add(ADDRESS, delivery, { resend: false, nowMs: nowMs });
              store.add(ADDRESS, delivery, { resend: false, nowMs: nowMs });
            } else if (step.do === "take") take(step.most);
            else if (step.do === "retry dead") store.retryDead({}, { nowMs, dryRun: false });
            else if (step.do === "make all due") {
              store.makeAllDue(nowMs);
              if (known.length === 0) continue;
              // Nothing that is first of its key waits for its time any longer.
              const open = `SELECT count(*) AS n FROM delivery WHERE state = 'due' AND blocked = 0`;
              const ready = store.due(nowMs, { deliveries: 1_000, bytes: 1_000_000 }, []).length;
              expect(ready).toBe(sql.exec<{ n: number }>(open).one().n);
            } else if (step.do === "again") {
              const delivery = known[step.which];
              if (delivery !== undefined) store.add(ADDRESS, delivery, { resend: true, nowMs: nowMs });
            } else {
              const one = inFlight[step.which % Math.max(1, inFlight.length)];
              if (one === undefined) continue;
              inFlight = inFlight.filter((other) => other !== one);
              if (step.as === "delivered") done.add(one.id);
              // After a crash nothing is written, and it is due again.
              if (step.as !== "crash") record(store, one, [step.as, step.as === "due" ? nowMs + 50 : null]);
            }
          }
          // In the end the receiver takes everything, and an operator has sent the dead ones again.
          inFlight = [];
          for (let round = 0; round < 300 && done.size < known.length; round++) {
            nowMs += 100;
            store.retryDead({}, { nowMs, dryRun: false });
            take(6);
            for (const one of inFlight) {
              done.add(one.id);
              record(store, one, ["delivered", null]);
            }
            inFlight = [];
          }
          expect(done.size).toBe(known.length);
          if (known.length > 0) {
            const open = sql.exec<{ n: number }>(
              "SELECT count(*) AS n FROM delivery WHERE state = 'due' AND blocked = 1",
            );
            const heads = sql.exec<{ n: number }>(
              "SELECT count(DISTINCT order_key) AS n FROM delivery WHERE state = 'due'",
            );
            if (heads.one().n === 0) expect(open.one().n).toBe(0);
          }
        });
      }),
      { numRuns: 150 },
    );
  });
});

it("due deliveries are returned as long as their bodies fit, and at least one", async () => {
  await inStorage(({ sql }) => {
    const store = createDeliveryStore(sql);
    for (const n of [1, 2, 3, 4]) store.add(ADDRESS, newDelivery(`e${n}`, null, 400), { resend: false, nowMs: n });
    const ids = (bytes: number) => store.due(10, { deliveries: 6, bytes }, []).map(({ id }) => id);
    expect(ids(1_000)).toEqual(["e1", "e2"]);
    expect(ids(10)).toEqual(["e1"]);
    expect(ids(10_000)).toEqual(["e1", "e2", "e3", "e4"]);
  });
});
