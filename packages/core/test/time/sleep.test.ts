import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { sleepByTimer } from "../../src/index.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it("a wait ends after its time and leaves no timer", async () => {
  let ended = false;
  const wait = sleepByTimer(1_000).then(() => {
    ended = true;
  });
  await vi.advanceTimersByTimeAsync(999);
  expect(ended).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await wait;
  expect(vi.getTimerCount()).toBe(0);
});

it("an aborted wait rejects with the reason of the signal and leaves no timer", async () => {
  const controller = new AbortController();
  const wait = sleepByTimer(1_000, controller.signal);
  controller.abort(new RangeError("enough"));
  await expect(wait).rejects.toThrow(RangeError);
  expect(vi.getTimerCount()).toBe(0);
});

it("a wait with an aborted signal starts no timer", async () => {
  await expect(sleepByTimer(1_000, AbortSignal.abort(new RangeError("enough")))).rejects.toThrow(RangeError);
  expect(vi.getTimerCount()).toBe(0);
});
