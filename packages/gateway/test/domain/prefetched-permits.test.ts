import { describe, expect, it } from "vitest";
import { SPARE_MS } from "../../src/domain/budget.ts";
import { createSparePermits, type Given } from "../../src/domain/prefetched-permits.ts";

const WANTED = "contacts of one location";

function machine() {
  let nowMs = 1_000_000;
  let permits = 0;
  const spares = createSparePermits(() => nowMs);
  const given = (count: number): Given => ({
    accessToken: "token",
    permit: { intervalLimit: 100 },
    spare: Array.from({ length: count }, () => ({ number: ++permits, report: false, expectedUsed: 9 })),
  });
  return {
    spares,
    after(ms: number) {
      nowMs += ms;
    },
    /** A call as the proxy makes it, answered after `answerMs`: what was asked for, or the number of the permit that was left. */
    call(answerMs = 0, wanted = WANTED) {
      const held = spares.take(wanted);
      if (held !== undefined) return held.permit.number;
      const asked = spares.ask(wanted);
      nowMs += answerMs;
      spares.keep(asked, given(asked.spare));
      return { spare: asked.spare, unused: asked.unused };
    },
  };
}

describe("permits for the next calls", () => {
  it("are asked for as many as there were calls lately, and each is used once", () => {
    const { call } = machine();
    expect(call()).toEqual({ spare: 0, unused: [] });
    expect(call()).toEqual({ spare: 1, unused: [] });
    expect(call()).toBe(1);
    expect(call()).toEqual({ spare: 3, unused: [] });
    expect([call(), call(), call()]).toEqual([2, 3, 4]);
    expect(call()).toEqual({ spare: 7, unused: [] });
    for (let number = 5; number <= 11; number++) expect(call()).toBe(number);
    expect(call()).toEqual({ spare: 8, unused: [] });
  });

  it("are not asked for by calls that are further apart than they last", () => {
    const { call, after } = machine();
    for (let index = 0; index < 5; index++) {
      expect(call()).toEqual({ spare: 0, unused: [] });
      after(SPARE_MS);
    }
  });

  it("are good for their time since they were asked for, and then given back", () => {
    const { call, after } = machine();
    call();
    call();
    call();
    expect(call(400)).toEqual({ spare: 3, unused: [] });
    after(SPARE_MS - 400);
    expect(call()).toBe(2);
    after(1);
    expect(call()).toEqual({ spare: 1, unused: [3, 4] });
  });

  it("are given up where HighLevel has refused one of them, and those of others are not", () => {
    const { call, spares } = machine();
    for (let index = 0; index < 4; index++) call();
    expect(spares.giveUp("contacts of another location")).toEqual([]);
    expect(spares.giveUp(WANTED)).toEqual([2, 3, 4]);
    expect(spares.giveUp(WANTED)).toEqual([]);
    expect(call()).toEqual({ spare: 4, unused: [] });
  });

  it("are not good for longer because a clock was set back", () => {
    const { call, after } = machine();
    call();
    call();
    after(-10);
    expect(call()).toMatchObject({ unused: [1] });
  });

  it("are asked for by one of the calls that come together, until that one has its answer", () => {
    const { spares } = machine();
    for (let index = 0; index < 5; index++) spares.take(WANTED);
    const first = spares.ask(WANTED);
    const second = spares.ask(WANTED);
    expect([first.spare, second.spare]).toEqual([4, 0]);
    spares.keep(second, undefined);
    expect(spares.ask(WANTED).spare).toBe(0);
    spares.keep(first, undefined);
    expect(spares.ask(WANTED).spare).toBe(4);
  });

  it("are asked for again after one who asked was cut off", () => {
    const { spares, after } = machine();
    spares.take(WANTED);
    spares.ask(WANTED);
    after(SPARE_MS);
    spares.take(WANTED);
    spares.take(WANTED);
    expect(spares.ask(WANTED)).toMatchObject({ spare: 1, unused: [] });
  });

  it("serve no call that asks for something else, and are bounded", () => {
    const { call } = machine();
    call();
    call();
    for (let index = 0; index < 1_000; index++) expect(call(0, `other ${index}`)).toEqual({ spare: 0, unused: [] });
    // a thousand others have pushed it out
    expect(call()).toEqual({ spare: 0, unused: [] });
  });
});
