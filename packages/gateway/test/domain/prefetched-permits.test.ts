import { describe, expect, it } from "vitest";
import { PREFETCH_MS } from "../../src/domain/budget.ts";
import { createPrefetchedPermits, type Given } from "../../src/domain/prefetched-permits.ts";

const WANTED = "contacts of one location";

function machine() {
  let nowMs = 1_000_000;
  let permits = 0;
  const prefetched = createPrefetchedPermits(() => nowMs);
  const given = (count: number): Given => ({
    accessToken: "token",
    permit: { intervalLimit: 100 },
    prefetched: Array.from({ length: count }, () => ({ number: ++permits, report: false, expectedUsed: 9 })),
  });
  return {
    prefetched,
    after(ms: number) {
      nowMs += ms;
    },
    /** A call as the proxy makes it, answered after `answerMs`: what was asked for, or the number of the permit that was left. */
    call(answerMs = 0, wanted = WANTED) {
      const held = prefetched.take(wanted);
      if (held !== undefined) return held.permit.number;
      const asked = prefetched.ask(wanted);
      nowMs += answerMs;
      prefetched.keep(asked, given(asked.prefetch));
      return { prefetch: asked.prefetch, returned: asked.returned };
    },
  };
}

describe("permits for the next calls", () => {
  it("are asked for as many as there were calls lately, and each is used once", () => {
    const { call } = machine();
    expect(call()).toEqual({ prefetch: 0, returned: [] });
    expect(call()).toEqual({ prefetch: 1, returned: [] });
    expect(call()).toBe(1);
    expect(call()).toEqual({ prefetch: 3, returned: [] });
    expect([call(), call(), call()]).toEqual([2, 3, 4]);
    expect(call()).toEqual({ prefetch: 7, returned: [] });
    for (let number = 5; number <= 11; number++) expect(call()).toBe(number);
    expect(call()).toEqual({ prefetch: 8, returned: [] });
  });

  it("are not asked for by calls that are further apart than they last", () => {
    const { call, after } = machine();
    for (let index = 0; index < 5; index++) {
      expect(call()).toEqual({ prefetch: 0, returned: [] });
      after(PREFETCH_MS);
    }
  });

  it("are good for their time since they were asked for, and then given back", () => {
    const { call, after } = machine();
    call();
    call();
    call();
    expect(call(400)).toEqual({ prefetch: 3, returned: [] });
    after(PREFETCH_MS - 400);
    expect(call()).toBe(2);
    after(1);
    expect(call()).toEqual({ prefetch: 1, returned: [3, 4] });
  });

  it("are given up where HighLevel has refused one of them, and those of others are not", () => {
    const { call, prefetched } = machine();
    for (let index = 0; index < 4; index++) call();
    expect(prefetched.returnUnused("contacts of another location")).toEqual([]);
    expect(prefetched.returnUnused(WANTED)).toEqual([2, 3, 4]);
    expect(prefetched.returnUnused(WANTED)).toEqual([]);
    expect(call()).toEqual({ prefetch: 4, returned: [] });
  });

  it("are not good for longer because a clock was set back", () => {
    const { call, after } = machine();
    call();
    call();
    after(-10);
    expect(call()).toMatchObject({ returned: [1] });
  });

  it("are asked for by one of the calls that come together, until that one has its answer", () => {
    const { prefetched } = machine();
    for (let index = 0; index < 5; index++) prefetched.take(WANTED);
    const first = prefetched.ask(WANTED);
    const second = prefetched.ask(WANTED);
    expect([first.prefetch, second.prefetch]).toEqual([4, 0]);
    prefetched.keep(second, undefined);
    expect(prefetched.ask(WANTED).prefetch).toBe(0);
    prefetched.keep(first, undefined);
    expect(prefetched.ask(WANTED).prefetch).toBe(4);
  });

  it("are asked for again after one who asked was cut off", () => {
    const { prefetched, after } = machine();
    prefetched.take(WANTED);
    prefetched.ask(WANTED);
    after(PREFETCH_MS);
    prefetched.take(WANTED);
    prefetched.take(WANTED);
    expect(prefetched.ask(WANTED)).toMatchObject({ prefetch: 1, returned: [] });
  });

  it("serve no call that asks for something else, and are bounded", () => {
    const { call } = machine();
    call();
    call();
    for (let index = 0; index < 1_000; index++)
      expect(call(0, `other ${index}`)).toEqual({ prefetch: 0, returned: [] });
    // a thousand others have pushed it out
    expect(call()).toEqual({ prefetch: 0, returned: [] });
  });
});
