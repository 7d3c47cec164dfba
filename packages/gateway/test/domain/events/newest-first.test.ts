import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newestFirst } from "../../../src/domain/events/newest-first.ts";

const item = (seq: number, createdAtMs: number) => ({ seq, createdAtMs });

describe("newestFirst", () => {
  it("newestFirst takes the newest of all lists, and returns where each list goes on", () => {
    const runs = [
      { items: [item(3, 30), item(1, 10)], nextSeq: undefined },
      { items: [item(7, 40), item(6, 20)], nextSeq: undefined },
      { items: [], nextSeq: undefined },
    ];
    expect(newestFirst(runs, 3)).toEqual({
      items: [item(7, 40), item(3, 30), item(6, 20)],
      nextSeqs: [2, undefined, undefined],
    });
  });

  it("newestFirst ends where a list has more than it shows, and goes on there", () => {
    const runs = [
      { items: [item(5, 50)], nextSeq: 3 },
      { items: [item(9, 60), item(8, 10)], nextSeq: undefined },
    ];
    expect(newestFirst(runs, 10)).toEqual({ items: [item(9, 60), item(5, 50)], nextSeqs: [3, 9] });
    const nothingYet = [{ items: [], nextSeq: 3 }, runs[1]!];
    expect(newestFirst(nothingYet, 10)).toEqual({ items: [], nextSeqs: [3, 10] });
  });

  it("newestFirst shows everything once and in order, however short the pages of the lists are", () => {
    const list = fc.array(fc.tuple(fc.nat(20), fc.boolean()), { maxLength: 30 });
    fc.assert(
      fc.property(fc.array(list, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 5 }), (shapes, limit) => {
        // Times grow with positions; some rows are there and not matching.
        const lists = shapes.map((steps) => {
          const times = steps.map((_, i) => steps.slice(0, i + 1).reduce((sum, [step]) => sum + step, 0));
          return steps.map(([, isMatch], seq) => ({ ...item(seq, times[seq]!), isMatch }));
        });
        const page = (list: number, beforeSeq: number, scanned: number) => {
          const rest = lists[list]!.filter(({ seq }) => seq < beforeSeq).reverse();
          const seen = rest.slice(0, scanned);
          const items = seen.filter(({ isMatch }) => isMatch).slice(0, limit);
          const nextSeq =
            items.length === limit ? items.at(-1)!.seq : rest.length > scanned ? seen.at(-1)!.seq : undefined;
          return { items, nextSeq };
        };
        const shown: number[] = [];
        let positions: (number | undefined)[] = lists.map(() => Number.MAX_SAFE_INTEGER);
        for (let pages = 0; positions.some((position) => position !== undefined); pages++) {
          expect(pages).toBeLessThan(500);
          const runs = positions.map((position, i) =>
            position === undefined ? { items: [], nextSeq: undefined } : page(i, position, 3),
          );
          const { items, nextSeqs } = newestFirst(runs, limit);
          expect(items.length).toBeLessThanOrEqual(limit);
          shown.push(...items.map(({ createdAtMs }) => createdAtMs));
          positions = [...nextSeqs];
        }
        const matching = lists.flat().filter(({ isMatch }) => isMatch);
        expect(shown).toEqual(matching.map(({ createdAtMs }) => createdAtMs).sort((one, other) => other - one));
      }),
    );
  });
});
