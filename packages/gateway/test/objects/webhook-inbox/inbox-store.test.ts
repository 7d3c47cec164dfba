import { expect, it } from "vitest";
import { createInboxStore } from "../../../src/objects/webhook-inbox/inbox-store.ts";
import { inStorage } from "../../support/storage/delivery-store.ts";
import { metered } from "../../support/storage/sql-meter.ts";

const HOUR_MS = 3_600_000;

it("the retention of an inbox reads the same rows whatever the size of its table, and runs again after an hour", async () => {
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
      first.insert(tenant, { ...event, dedupeKey: "a1" }, 1_000);
      first.tasks.schedule({ seq: 1, task: "ep_1", resend: false, tries: 0, failures: 0 }, 0);
      first.insert(tenant, { ...event, dedupeKey: "a2" }, 2_000);
      const insert = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
        INSERT INTO event (dedupe_key, name, received_at_ms, quarantined, source, routed_seq, body)
        SELECT 'e' || i, 'ContactCreate', ?2, 0, 'highlevel', 0, x'00' FROM n`;
      sql.exec(insert, young, 10 * HOUR_MS);
      const store = createInboxStore(meter.sql);
      store.newestReceivedAtMs();
      const early = meter.count(() => store.deleteReceivedBefore(HOUR_MS)).read;
      const late = meter.count(() => store.deleteReceivedBefore(2 * HOUR_MS)).read;
      const again = meter.count(() => store.deleteReceivedBefore(2 * HOUR_MS)).read;
      const left = sql.exec<{ n: number }>("SELECT count(*) AS n FROM event").one().n;
      expect(sql.exec<{ n: number }>("SELECT count(*) AS n FROM event_task").one().n).toBe(0);
      return { early, late, isReread: again > 20, left: left - young };
    });
  const [small, large] = [await drop(2_000), await drop(20_000)];
  expect(large).toEqual(small);
  expect(small).toMatchObject({ early: 0, isReread: false, left: 0 });
});
