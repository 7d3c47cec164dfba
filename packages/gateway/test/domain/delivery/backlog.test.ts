import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  allowedAfter,
  type BacklogBounds,
  type BacklogCount,
  exceeds,
  mayExceed,
  raisedBounds,
} from "../../../src/domain/delivery/backlog.ts";

const BOUNDS: BacklogBounds = { deliveries: 1_000, bytes: 1_000_000 };
const TABLE_BYTES = 100;

describe("the bound on what waits", () => {
  it("the bound on pending deliveries is exceeded by at most a hundredth and a batch, and rarely counted", () => {
    const steps = fc.array(fc.record({ add: fc.nat(60), end: fc.nat(60), bytes: fc.nat(3_000) }), { maxLength: 200 });
    fc.assert(
      fc.property(steps, (drawn) => {
        let count: BacklogCount | undefined;
        let waiting: number[] = [];
        let seq = 0;
        let counts = 0;
        for (const { add, end, bytes } of drawn) {
          waiting = [...waiting, ...Array.from({ length: add }, () => bytes)].slice(end);
          seq += add;
          const now = { seq, databaseBytes: TABLE_BYTES * seq + waiting.reduce((sum, one) => sum + one, 0) };
          if (add === 0 || !mayExceed(count, now, BOUNDS)) continue;
          counts += 1;
          const counted = { deliveries: waiting.length, bytes: waiting.reduce((sum, one) => sum + one, 0) };
          count = { ...counted, seq, allowed: allowedAfter(counted, count, BOUNDS) };
          if (!exceeds(count)) continue;
          // Disabled: nothing more comes.
          expect(waiting.length <= BOUNDS.deliveries * 1.01 + 60 || counted.bytes > BOUNDS.bytes).toBe(true);
          return;
        }
        expect(waiting.length).toBeLessThanOrEqual(BOUNDS.deliveries * 1.01 + 60);
        expect(counts).toBeLessThanOrEqual(1 + seq / (BOUNDS.deliveries / 100));
      }),
    );
  });

  it("the bound on pending deliveries costs no count as long as fewer were added than may wait, and the database is small", () => {
    expect(mayExceed(undefined, { seq: 1_000, databaseBytes: 1_000_000 }, BOUNDS)).toBe(false);
    expect(mayExceed(undefined, { seq: 1_001, databaseBytes: 0 }, BOUNDS)).toBe(true);
    expect(mayExceed(undefined, { seq: 1, databaseBytes: 1_000_001 }, BOUNDS)).toBe(true);
  });

  it("the bound on pending deliveries is raised by an operator who enables the endpoint again, until those are delivered", () => {
    const full = { deliveries: 1_001, bytes: 2_000_000 };
    const allowed = raisedBounds(full, BOUNDS);
    expect(allowed).toEqual({ deliveries: 1_102, bytes: 2_200_000 });
    const count = { ...full, seq: 1_001, allowed };
    expect(exceeds(count)).toBe(false);
    expect(exceeds({ ...count, deliveries: 1_103 })).toBe(true);
    expect(allowedAfter({ deliveries: 1_050, bytes: 10 }, count, BOUNDS)).toEqual(allowed);
    expect(allowedAfter({ deliveries: 900, bytes: 10 }, count, BOUNDS)).toEqual(BOUNDS);
  });
});
