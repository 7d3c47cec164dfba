import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { ReliableAlarm } from "../../src/objects/reliable-alarm.ts";

interface FakeStorage {
  readonly values: Map<string, unknown>;
  readonly alarms: number[];
  refusesAlarms: number;
  refusesKeys: boolean;
}

const fake = (): FakeStorage => ({ values: new Map(), alarms: [], refusesAlarms: 0, refusesKeys: false });

/** Returns the alarm of an object that was just loaded. */
function alarmOf(state: FakeStorage, random = () => 0.5) {
  const check = (): void => {
    if (state.refusesKeys) throw new Error("full");
  };
  const storage = {
    kv: {
      get: (key: string) => {
        check();
        return state.values.get(key);
      },
      put: (key: string, value: unknown) => {
        check();
        state.values.set(key, value);
      },
    },
    async setAlarm(atMs: number) {
      if (state.refusesAlarms-- > 0) throw new Error("full");
      state.alarms.push(atMs);
    },
  } as unknown as DurableObjectStorage;
  const sleep = (ms: number) => vi.advanceTimersByTimeAsync(ms) as unknown as Promise<void>;
  return new ReliableAlarm({ storage, what: "test", app: () => "app", longestPauseMs: 60_000, random, sleep });
}

const broken = { name: "broken", run: () => Promise.reject(new Error("broken")) };

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  vi.spyOn(console, "log").mockImplementation(() => {});
});

describe("a reliable alarm", () => {
  it("a reliable alarm runs the other jobs when one throws or says that it is not complete, and schedules only these later", async () => {
    const run = vi.fn();
    const jobs = [broken, { name: "incomplete", run: () => false }, { name: "good", run }];
    let retries: (number | undefined)[] = [];
    await alarmOf(fake()).run(jobs, (retryAtMs) => {
      retries = ["broken", "incomplete", "good"].map(retryAtMs);
    });
    expect(run).toHaveBeenCalledTimes(1);
    expect(retries).toEqual([1_001_000, 1_001_000, undefined]);
  });

  it("a reliable alarm doubles its pauses up to the longest one, also when the object is loaded again", async () => {
    for (const [isReloaded, refusesKeys] of [
      [false, false],
      [true, false],
      [false, true],
    ]) {
      vi.setSystemTime(1_000_000);
      const state = { ...fake(), refusesKeys: refusesKeys! };
      let alarm = alarmOf(state);
      const pausesMs: number[] = [];
      for (let i = 0; i < 8; i++) {
        if (isReloaded) alarm = alarmOf(state);
        await alarm.run([broken], (retryAtMs) => {
          pausesMs.push(retryAtMs("broken")! - Date.now());
          vi.setSystemTime(retryAtMs("broken")!);
        });
      }
      expect(pausesMs).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
    }
  });

  it("a reliable alarm begins with a short pause again after a success, and after a failure long ago", async () => {
    const state = fake();
    const alarm = alarmOf(state);
    const pauses: number[] = [];
    const fail = (one: ReliableAlarm) =>
      one.run([broken], (retryAtMs) => pauses.push(retryAtMs("broken")! - Date.now()));
    for (let i = 0; i < 4; i++) await fail(alarm);
    await alarm.run([], () => {});
    state.values.clear();
    await fail(alarm);
    for (let i = 0; i < 4; i++) await fail(alarm);
    vi.advanceTimersByTime(3_600_000);
    await fail(alarmOf(state));
    expect([pauses[3], pauses[4], pauses[8], pauses[9]]).toEqual([8_000, 1_000, 16_000, 1_000]);
  });

  it("a reliable alarm sets an alarm itself where scheduling fails, and waits for a storage that refuses writes", async () => {
    const state = { ...fake(), refusesAlarms: 5 };
    const failing = () => {
      throw new Error("full");
    };
    await alarmOf(state).run([], failing);
    expect(state.alarms).toHaveLength(1);
  });

  it("a reliable alarm never retries sooner than 0.8 of the first pause nor later than 1.2 of the longest", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 1, maxLength: 30 }),
        async (draws) => {
          const state = fake();
          for (const draw of draws) {
            const random = () => draw;
            await alarmOf(state, random).run([broken], (retryAtMs) => {
              const pauseMs = retryAtMs("broken")! - Date.now();
              expect(pauseMs).toBeGreaterThanOrEqual(800);
              expect(pauseMs).toBeLessThanOrEqual(72_000);
              vi.setSystemTime(retryAtMs("broken")!);
            });
          }
        },
      ),
    );
  });
});
