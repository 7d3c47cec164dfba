import { afterEach, expect, it, vi } from "vitest";
import { isSampled, logSuccess } from "../../src/platform/log-sample.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const ids = Array.from({ length: 20_000 }, (_, index) => `evt_${index.toString(16).padStart(32, "0")}`);

it("the sample of ids is decided by the id alone and grows with the percentage", () => {
  const at = (percent: number) => ids.filter((id) => isSampled({ id, percent }));
  expect(at(1)).toEqual(at(1));
  const more = new Set(at(5));
  expect(at(1).every((id) => more.has(id))).toBe(true);
  expect(at(0)).toEqual([]);
  expect(at(100)).toEqual(ids);
});

it.each([0.1, 1, 10, 50])("a sample of %d percent has about that share of similar ids", (percent) => {
  const share = (100 * ids.filter((id) => isSampled({ id, percent })).length) / ids.length;
  expect(share).toBeGreaterThan(percent * 0.6);
  expect(share).toBeLessThan(percent * 1.4);
});

it("all lines of one event are logged, or none of them is", () => {
  const lines: string[] = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
  for (const id of ids.slice(0, 2_000))
    for (const what of ["request", "overflow", "delivery"]) logSuccess(what, { eventId: id }, { id, percent: 10 });
  const counts = new Map<string, number>();
  for (const line of lines) {
    const { eventId } = JSON.parse(line) as { eventId: string };
    counts.set(eventId, (counts.get(eventId) ?? 0) + 1);
  }
  expect(counts.size).toBeGreaterThan(100);
  expect(new Set(counts.values())).toEqual(new Set([3]));
});
