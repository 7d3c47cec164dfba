import { describe, expect, it } from "vitest";
import { createDeliveryStore } from "../../../src/objects/endpoint-dispatcher/delivery-store.ts";
import { ADDRESS, ALL, inStorage, newDelivery, record } from "../../support/storage/delivery-store.ts";
import { metered } from "../../support/storage/sql-meter.ts";

const HOUR_MS = 3_600_000;

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

  it("a query for due deliveries reads as many rows whatever the number of blocked deliveries", async () => {
    const [few, many] = [await lookAt(10), await lookAt(10_000)];
    expect(many).toEqual(few);
    expect(many.early).toBeLessThan(10);
  });

  it("a query for ordered deliveries costs one written row more where others wait before it, and none where none do", async () => {
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

  it("a due delivery costs the same rows whatever waits, and keeps the attempts that were made", async () => {
    const [few, many] = [await makeDue(10), await makeDue(20_000)];
    expect(many).toEqual(few);
    expect(many.moved[0]).toBeLessThan(10);
    expect(many.moved[1]).toBe(1);
  });

  it("a delivery that is made due is due until its next failure, then follows the schedule, also in another activation", async () => {
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

  it("a retry of deliveries includes one in flight to the earlier destination, and one that an older one blocked", async () => {
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
