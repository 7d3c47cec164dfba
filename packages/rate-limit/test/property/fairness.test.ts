import fc from "fast-check";
import { expect, test } from "vitest";
import { CLASS_QUANTUM } from "../../src/constants.ts";
import {
  addWaiting,
  NO_WAITING_CALLS,
  removeWaiting,
  takeNext,
  type WaitingCalls,
} from "../../src/machine/rules/waiting.ts";
import { PRIORITIES, type Priority } from "../../src/priority.ts";
import { RUNS } from "../runs.ts";

interface Call {
  readonly key: string;
  readonly priority: Priority;
  readonly retry?: boolean;
}
const waitingCall = fc.record({ key: fc.constantFrom("a", "b", "c", "d"), priority: fc.constantFrom(...PRIORITIES) });
const ROUND = Object.values(CLASS_QUANTUM).reduce((sum, quantum) => sum + quantum, 0);

const fill = (calls: readonly Call[]): WaitingCalls =>
  calls.reduce(
    (waiting, at, call) => addWaiting(waiting, at, { call, deadlineMs: null, retry: at.retry ?? false }),
    NO_WAITING_CALLS,
  );

test("no starvation: a call is reached within a bounded number of permits, however many more urgent ones keep coming", () => {
  fc.assert(
    fc.property(fc.array(waitingCall, { minLength: 1, maxLength: 40 }), fc.nat(), (calls, pick) => {
      const target = pick % calls.length;
      const { key, priority } = calls[target]!;
      const permitsUntilNext = calls.slice(0, target).filter((at) => at.key === key && at.priority === priority).length;
      let waiting = fill(calls);
      let permits = 0;
      for (;;) {
        const taken = takeNext(waiting);
        permits++;
        if (taken.call.call === target) break;
        // An urgent call of another key comes with each call that is served.
        const stranger = { call: 1_000, deadlineMs: null, retry: false };
        waiting = addWaiting(taken.waiting, { key: "x", priority: "interactive" }, stranger);
      }
      const flows = new Set([...calls.filter((at) => at.priority === priority).map((at) => at.key), "x"]).size;
      expect(permits).toBeLessThanOrEqual((permitsUntilNext + 1) * flows * ROUND + ROUND);
    }),
    { numRuns: RUNS },
  );
});

test("the keys of a class alternate, and the calls of a key keep their order", () => {
  let waiting = fill([..."aaaabc"].map((key) => ({ key, priority: "normal" as const })));
  const order: number[] = [];
  while (waiting.count > 0) {
    const taken = takeNext(waiting);
    order.push(taken.call.call);
    waiting = taken.waiting;
  }
  expect(order).toEqual([0, 4, 5, 1, 2, 3]);
});

test("a retry goes before the first attempts of its key, even if those came earlier", () => {
  fc.assert(
    fc.property(fc.array(fc.record({ key: fc.constantFrom("a", "b"), retry: fc.boolean() })), (calls) => {
      let waiting = fill(calls.map((at) => ({ ...at, priority: "normal" })));
      const order: number[] = [];
      while (waiting.count > 0) {
        const taken = takeNext(waiting);
        order.push(taken.call.call);
        waiting = taken.waiting;
      }
      for (const key of ["a", "b"]) {
        const own = calls.flatMap((at, call) => (at.key === key ? [call] : []));
        const expected = [...own.filter((call) => calls[call]!.retry), ...own.filter((call) => !calls[call]!.retry)];
        expect(order.filter((call) => calls[call]!.key === key)).toEqual(expected);
      }
    }),
    { numRuns: RUNS },
  );
});

test("classes that always wait share 8 : 3 : 1", () => {
  let waiting = fill(PRIORITIES.flatMap((priority) => Array.from({ length: 200 }, () => ({ key: "", priority }))));
  const served = { interactive: 0, normal: 0, bulk: 0 };
  for (let n = 0; n < ROUND * 10; n++) {
    const taken = takeNext(waiting);
    served[taken.priority]++;
    waiting = taken.waiting;
  }
  expect(served).toEqual({ interactive: 80, normal: 30, bulk: 10 });
});

test("an added entry is taken or removed once, and the count is right", () => {
  fc.assert(
    fc.property(fc.array(waitingCall, { maxLength: 40 }), fc.func(fc.boolean()), (calls, leaves) => {
      const { removed, waiting: left } = removeWaiting(fill(calls), ({ call }) => leaves(call));
      const seen = removed.map(({ call }) => call);
      let waiting = left;
      expect(waiting.count).toBe(calls.length - removed.length);
      while (waiting.count > 0) {
        const taken = takeNext(waiting);
        seen.push(taken.call.call);
        waiting = taken.waiting;
      }
      expect(seen.sort((a, b) => a - b)).toEqual(calls.map((_, index) => index));
    }),
    { numRuns: RUNS },
  );
});
