import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { NewDelivery } from "../../../src/domain/contracts/endpoint-dispatcher.ts";
import type { DueDelivery } from "../../../src/objects/endpoint-dispatcher/delivery-rows.ts";
import { createDeliveryStore } from "../../../src/objects/endpoint-dispatcher/delivery-store.ts";
import { ADDRESS, inStorage, newDelivery, record } from "../../support/storage/delivery-store.ts";

describe("any order of results", () => {
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
          // In the end the destination takes everything, and an operator has sent the dead ones again.
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
