import { describe, expect, it } from "vitest";
import { createDeliveryRetention } from "../../../src/objects/endpoint-dispatcher/delivery-retention.ts";
import { createDeliveryStore } from "../../../src/objects/endpoint-dispatcher/delivery-store.ts";
import { DEFAULT_RETENTION_MS } from "../../../src/platform/config.ts";
import { ADDRESS, ALL, inStorage, newDelivery, record } from "../../support/storage/delivery-store.ts";
import { metered } from "../../support/storage/sql-meter.ts";

const HOUR_MS = 3_600_000;

describe("retention", () => {
  /** No deliveries that succeeded at once. */
  const delivered = { deleteBefore: () => false };
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

  it("retention of a table whose rows are all young reads one row, and hourly at most", async () => {
    const reads = (young: number) =>
      inStorage(({ sql, kv }) => {
        const meter = metered(sql);
        fill(sql, { old: 0, young });
        sql.exec("UPDATE delivery SET created_at_ms = -1000");
        const retention = createDeliveryRetention({ sql: meter.sql, kv, delivered });
        const first = meter.count(() => retention.run(0)).read;
        return [first, meter.count(() => retention.run(HOUR_MS - 1)).read, retention.nextAtMs(0) >= HOUR_MS];
      });
    expect(await reads(20_000)).toEqual(await reads(200));
    expect(await reads(200)).toEqual([1, 0, true]);
  });

  it("retention keeps deliveries as long as the app keeps events", async () => {
    await inStorage(({ sql, kv }) => {
      fill(sql, { old: 10, young: 5 });
      createDeliveryRetention({ sql, kv, delivered }, () => 32 * 24 * HOUR_MS).run(0);
      expect(left(sql)).toBe(15);
      createDeliveryRetention({ sql, kv, delivered }, () => 4 * 24 * HOUR_MS).run(0);
      expect(left(sql)).toBe(5);
    });
  });

  it("retention deletes old rows in bounded runs, whatever the size of the table, until all of them are gone", async () => {
    const rows = (young: number) =>
      inStorage(({ sql, kv }) => {
        const meter = metered(sql);
        fill(sql, { old: 2_500, young });
        const runs: number[] = [];
        let nowMs = 0;
        // Every run is in another activation of the object.
        for (; runs.length < 4; ) {
          const retention = createDeliveryRetention({ sql: meter.sql, kv, delivered });
          runs.push(meter.count(() => retention.run(nowMs)).read);
          nowMs = retention.nextAtMs(nowMs);
        }
        expect(left(sql)).toBe(young);
        return runs;
      });
    const [small, large] = [await rows(2_000), await rows(20_000)];
    expect(large).toEqual(small);
    expect(Math.max(...large)).toBeLessThan(3_500);
  });

  it("retention passes old deliveries that are still due once a day, not each time", async () => {
    await inStorage(({ sql, kv }) => {
      const meter = metered(sql);
      fill(sql, { old: 3_000, young: 100, due: 3_000 });
      let nowMs = 0;
      let read = 0;
      while (nowMs < 20 * HOUR_MS) {
        const retention = createDeliveryRetention({ sql: meter.sql, kv, delivered });
        read += meter.count(() => retention.run(nowMs)).read;
        nowMs += 10 * MINUTE_MS;
      }
      expect(read).toBeLessThan(12_000);
      // A delivery that has ended since is deleted within a day, and the newest row of all stays.
      sql.exec("UPDATE delivery SET state = 'delivered'");
      const retention = createDeliveryRetention({ sql, kv, delivered });
      for (nowMs = 30 * HOUR_MS; nowMs < 31 * HOUR_MS; nowMs = retention.nextAtMs(nowMs)) retention.run(nowMs);
      expect(left(sql)).toBeLessThanOrEqual(101);
      for (nowMs = DEFAULT_RETENTION_MS + HOUR_MS; nowMs < DEFAULT_RETENTION_MS + 4 * HOUR_MS; nowMs += HOUR_MS)
        retention.run(nowMs);
      expect(left(sql)).toBe(1);
    });
  });
});
