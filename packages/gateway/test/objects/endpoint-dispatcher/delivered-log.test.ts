import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DeliveryReport } from "../../../src/domain/contracts/endpoint-dispatcher.ts";
import { createDeliveryStore, type DeliveryStore } from "../../../src/objects/endpoint-dispatcher/delivery-store.ts";
import { ADDRESS, inStorage, newDelivery } from "../../support/storage/delivery-store.ts";
import { metered } from "../../support/storage/sql-meter.ts";

const idOf = (number: number): string => `evt_${number.toString(16).padStart(13, "0").padEnd(32, "f")}`;
const attempt = { atMs: 1, durationMs: 1, status: 200, code: null };
const resourceOf = (number: number) => ({ kind: "location", id: `l${number % 3}` }) as const;

/** Delivers new deliveries with these numbers, and writes them in one block. */
function deliver(store: DeliveryStore, numbers: readonly number[], nowMs: number): void {
  const entries = numbers.map((number) => {
    const { id, type, inbox } = newDelivery(idOf(number), null);
    return { seq: store.nextSeq(), id, type, inbox, resource: resourceOf(number), createdAtMs: nowMs, attempt };
  });
  store.delivered.append(entries, nowMs);
  store.delivered.added(entries);
}

/** Reads all pages of a list. */
function readAll(store: DeliveryStore, limit: number): DeliveryReport[] {
  const found: DeliveryReport[] = [];
  for (let beforeSeq: number | undefined; ; ) {
    const { items, nextSeq } = store.list({ beforeSeq }, limit);
    found.push(...items);
    if (nextSeq === undefined) return found;
    if (beforeSeq !== undefined) expect(nextSeq).toBeLessThan(beforeSeq);
    beforeSeq = nextSeq;
  }
}

describe("deliveries in blocks", () => {
  it("deliveries in blocks and in rows are listed together, newest first, each once, also after a restart", async () => {
    const step = fc.oneof(
      fc.record({ block: fc.integer({ min: 1, max: 7 }) }),
      fc.record({ rows: fc.integer({ min: 1, max: 5 }) }),
      fc.constant({ restart: true as const }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.integer({ min: 1, max: 9 }), (steps, limit) =>
        inStorage(({ sql }) => {
          let store = createDeliveryStore(sql);
          store.create(ADDRESS);
          let number = 0;
          const expected: string[] = [];
          for (const one of steps) {
            const count = "block" in one ? one.block : "rows" in one ? one.rows : 0;
            const numbers = Array.from({ length: count }, () => number++);
            expected.unshift(...numbers.map(idOf).reverse());
            if ("block" in one) deliver(store, numbers, 1_000);
            else if ("rows" in one)
              for (const each of numbers)
                store.add(ADDRESS, newDelivery(idOf(each), null), { resend: false, nowMs: 1 });
            else store = createDeliveryStore(sql);
          }
          expect(readAll(store, limit).map(({ id }) => id)).toEqual(expected);
          for (const id of expected) expect(store.isKnown(id)).toBe(true);
          expect(store.isKnown(idOf(number))).toBe(false);
        }),
      ),
      { numRuns: 40 },
    );
  });

  it("a block writes one row for a hundred deliveries", () =>
    inStorage(({ sql }) => {
      const meter = metered(sql);
      const store = createDeliveryStore(meter.sql);
      store.create(ADDRESS);
      deliver(store, [0], 1_000);
      const numbers = Array.from({ length: 100 }, (_, number) => number + 1);
      expect(meter.count(() => deliver(store, numbers, 1_000)).written).toBe(1);
    }));

  it("an object that wakes reads one row for 64 blocks, and knows the deliveries of all of them", async () => {
    const reads = (blocks: number) =>
      inStorage(({ sql }) => {
        const store = createDeliveryStore(sql);
        store.create(ADDRESS);
        for (let number = 0; number < blocks; number++) deliver(store, [number], 1_000);
        const meter = metered(sql);
        const woken = createDeliveryStore(meter.sql);
        const { read } = meter.count(() => expect(woken.isKnown(idOf(blocks))).toBe(false));
        for (const number of [0, 63, 64, blocks - 1]) expect(woken.isKnown(idOf(number))).toBe(true);
        return read;
      });
    expect((await reads(64 * 20)) - (await reads(64 * 2))).toBeLessThanOrEqual(2 * 18);
  });

  it("a search by time reads only blocks of that time, whatever their number", async () => {
    const reads = (blocks: number) =>
      inStorage(({ sql }) => {
        const meter = metered(sql);
        const store = createDeliveryStore(meter.sql);
        store.create(ADDRESS);
        for (let block = 0; block < blocks; block++) deliver(store, [2 * block, 2 * block + 1], block * 1_000_000);
        const middleMs = (blocks / 2) * 1_000_000;
        let found: readonly DeliveryReport[] = [];
        const { read } = meter.count(() => {
          found = store.delivered.search({ fromMs: middleMs, toMs: middleMs + 1 }, 10).items;
        });
        expect(found.map(({ id }) => id)).toEqual([idOf(blocks + 1), idOf(blocks)]);
        return read;
      });
    const [small, large] = [await reads(40), await reads(2_560)];
    // A binary search reads one row more for each doubling.
    expect(large - small).toBeLessThanOrEqual(2 * 6);
  });

  it("the deliveries of one resource are removed from blocks, and the others stay", () =>
    inStorage(({ sql }) => {
      const store = createDeliveryStore(sql);
      store.create(ADDRESS);
      deliver(store, [0, 1, 2, 3, 4], 1_000);
      deliver(store, [5, 6], 1_000);
      expect(store.delivered.erase(resourceOf(1))).toBe(2);
      expect(readAll(store, 10).map(({ id }) => id)).toEqual([6, 5, 3, 2, 0].map(idOf));
      expect(createDeliveryStore(sql).isKnown(idOf(4))).toBe(false);
    }));

  it("old blocks are deleted in bounded runs, and the newest one stays", () =>
    inStorage(({ sql }) => {
      const store = createDeliveryStore(sql);
      store.create(ADDRESS);
      for (let number = 0; number < 600; number++) deliver(store, [number], number < 400 ? 1_000 : 9_000);
      const runs: boolean[] = [];
      do runs.push(store.delivered.deleteBefore(5_000));
      while (runs.at(-1));
      expect(runs).toEqual([true, false]);
      expect(readAll(store, 1_000)).toHaveLength(200);
      store.delivered.deleteBefore(10_000);
      expect(readAll(store, 1_000)).toHaveLength(1);
    }));

  it("an id that begins like a known one is not taken for it", () =>
    inStorage(({ sql }) => {
      const store = createDeliveryStore(sql);
      store.create(ADDRESS);
      deliver(store, [1], 1_000);
      expect(store.isKnown(idOf(1))).toBe(true);
      expect(store.isKnown(idOf(1).replace(/f$/, "0"))).toBe(false);
    }));
});
