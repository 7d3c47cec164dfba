import { describe, expect, it } from "vitest";
import { PREFETCH_MS } from "../../../src/domain/limits/budget.ts";
import { createPrefetchedPermits, type PrefetchReply } from "../../../src/domain/limits/prefetched-permits.ts";

const KEY = "contacts of one location";

function machine() {
  let nowMs = 1_000_000;
  let permits = 0;
  const prefetched = createPrefetchedPermits(() => nowMs);
  const replyWith = (count: number): PrefetchReply => ({
    accessToken: "token",
    permit: { intervalLimit: 100 },
    prefetched: Array.from({ length: count }, () => ({ number: ++permits, report: false, expectedUsed: 9 })),
  });
  return {
    prefetched,
    after(ms: number) {
      nowMs += ms;
    },
    /** A call as the proxy makes it, answered after `answerMs`: the number of a prefetched permit, or the request to the object. */
    call(answerMs = 0, callKey = KEY) {
      const ready = prefetched.take(callKey);
      if (ready !== undefined) return ready.permit.number;
      const plan = prefetched.plan(callKey);
      nowMs += answerMs;
      prefetched.add(plan, replyWith(plan.count));
      return { count: plan.count, returned: plan.returned };
    },
  };
}

describe("prefetched permits", () => {
  it("prefetched permits are as many as the recent calls, and each is used once", () => {
    const { call } = machine();
    expect(call()).toEqual({ count: 0, returned: [] });
    expect(call()).toEqual({ count: 1, returned: [] });
    expect(call()).toBe(1);
    expect(call()).toEqual({ count: 3, returned: [] });
    expect([call(), call(), call()]).toEqual([2, 3, 4]);
    expect(call()).toEqual({ count: 7, returned: [] });
    for (let number = 5; number <= 11; number++) expect(call()).toBe(number);
    expect(call()).toEqual({ count: 8, returned: [] });
  });

  it("prefetched permits are not requested by calls that are further apart than the permits last", () => {
    const { call, after } = machine();
    for (let index = 0; index < 5; index++) {
      expect(call()).toEqual({ count: 0, returned: [] });
      after(PREFETCH_MS);
    }
  });

  it("prefetched permits last from the time of their request, and then go back", () => {
    const { call, after } = machine();
    call();
    call();
    call();
    expect(call(400)).toEqual({ count: 3, returned: [] });
    after(PREFETCH_MS - 400);
    expect(call()).toBe(2);
    after(1);
    expect(call()).toEqual({ count: 1, returned: [3, 4] });
  });

  it("prefetched permits go back after HighLevel has refused a call with the same key, and those of other keys stay", () => {
    const { call, prefetched } = machine();
    for (let index = 0; index < 4; index++) call();
    expect(prefetched.returnUnused("contacts of another location")).toEqual([]);
    expect(prefetched.returnUnused(KEY)).toEqual([2, 3, 4]);
    expect(prefetched.returnUnused(KEY)).toEqual([]);
    expect(call()).toEqual({ count: 4, returned: [] });
  });

  it("prefetched permits do not last longer when a clock is set back", () => {
    const { call, after } = machine();
    call();
    call();
    after(-10);
    expect(call()).toMatchObject({ returned: [1] });
  });

  it("prefetched permits are requested by one of several concurrent calls, until it has its reply", () => {
    const { prefetched } = machine();
    for (let index = 0; index < 5; index++) prefetched.take(KEY);
    const first = prefetched.plan(KEY);
    const second = prefetched.plan(KEY);
    expect([first.count, second.count]).toEqual([4, 0]);
    prefetched.add(second, undefined);
    expect(prefetched.plan(KEY).count).toBe(0);
    prefetched.add(first, undefined);
    expect(prefetched.plan(KEY).count).toBe(4);
  });

  it("prefetched permits are requested once more after a request was interrupted", () => {
    const { prefetched, after } = machine();
    prefetched.take(KEY);
    prefetched.plan(KEY);
    after(PREFETCH_MS);
    prefetched.take(KEY);
    prefetched.take(KEY);
    expect(prefetched.plan(KEY)).toMatchObject({ count: 1, returned: [] });
  });

  it("prefetched permits serve no call with another key, and the number of keys is bounded", () => {
    const { call } = machine();
    call();
    call();
    for (let index = 0; index < 1_000; index++) expect(call(0, `other ${index}`)).toEqual({ count: 0, returned: [] });
    // A thousand other keys have displaced this one.
    expect(call()).toEqual({ count: 0, returned: [] });
  });
});
