import { describe, expect, it } from "vitest";
import { interleave } from "./interleave.ts";
import { withTable } from "./report.ts";
import { compare, isMet, type Row } from "./row.ts";
import { median, pairedRatio, percentile } from "./statistics.ts";
import { markdownTable, number } from "./table.ts";

describe("statistics", () => {
  it("median takes the middle value without sorting the caller's list", () => {
    const values = [9, 1, 5];
    expect(median(values)).toBe(5);
    expect(values).toEqual([9, 1, 5]);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(() => median([])).toThrow(RangeError);
  });

  it("percentile takes the value below which a share lies", () => {
    const values = [9, 1, 5, 7];
    expect([0, 0.5, 0.99, 1].map((share) => percentile(values, share))).toEqual([1, 7, 9, 9]);
    expect(values).toEqual([9, 1, 5, 7]);
    expect(() => percentile([], 0.5)).toThrow(RangeError);
  });

  it("paired ratios use samples of the same round, so that a slow round does not count", () => {
    expect(pairedRatio([10, 100, 12], [20, 200, 24])).toBe(0.5);
    expect(pairedRatio([10, 10, 10], [5])).toBe(2);
  });
});

describe("interleave", () => {
  const recorder = (seen: string[], name: string, rounds?: number) => ({
    name,
    sample: () => seen.push(name),
    ...(rounds === undefined ? {} : { rounds }),
  });

  it("the interleaving alternates, every second round backwards, and drops the warm-up", async () => {
    const seen: string[] = [];
    const samples = await interleave([recorder(seen, "a"), recorder(seen, "b")], 2, 1);
    expect(seen.join("")).toBe("baabba");
    expect(samples.get("a")).toEqual([3, 6]);
  });

  it("the interleaving lets a slow contestant sit out later rounds", async () => {
    const seen: string[] = [];
    const samples = await interleave([recorder(seen, "a"), recorder(seen, "slow", 1)], 3);
    expect(samples.get("slow")).toHaveLength(1);
    expect(samples.get("a")).toHaveLength(3);
  });
});

describe("rows", () => {
  const row: Row = { section: "s", what: "w", unit: "ms", ours: 12, peer: "p", theirs: 10 };

  it("a row judges the ratio or our own value, whichever the target names", () => {
    const ratio = { of: "ratio", bound: "at most", value: 1.2 } as const;
    expect(isMet(compare({ ...row, target: ratio }))).toBe(true);
    expect(isMet(compare({ ...row, target: { ...ratio, value: 1.1 } }))).toBe(false);
    expect(isMet({ ...row, target: { of: "ours", bound: "at least", value: 13 } })).toBe(false);
  });

  it("a row neither meets nor misses a target that was not measured", () => {
    expect(isMet(row)).toBeUndefined();
    const { ours: _, ...unmeasured } = row;
    expect(isMet({ ...unmeasured, target: { of: "ours", bound: "at most", value: 1 } })).toBeUndefined();
    expect(compare({ ...row, theirs: 0 }).ratio).toBeUndefined();
  });

  it("a table has a line per section, and the verdict", () => {
    const target = { of: "ours", bound: "at most", value: 10 } as const;
    expect(
      markdownTable([compare({ ...row, target, note: "n" })])
        .split("\n")
        .slice(2),
    ).toEqual(["| **s** | | | | | | |", "| w, ms (n) | 12 | p | 10 | 1.2× | ≤ 10 ms | **missed** |"]);
  });

  it("a table shows numbers with the digits that mean something", () => {
    expect([0.00123456, 1.2345, 12_345.6, undefined].map(number)).toEqual(["0.00123", "1.23", "12,346", "–"]);
  });
});

describe("the page", () => {
  const report = {
    date: "2026-11-21",
    cpus: 2,
    cpu: "c",
    node: "24",
    load: 0.1,
    loadAfter: 0.2,
    short: false,
    rows: [],
  };

  it("the page gets a new table between its marks and keeps the rest, however often", () => {
    const empty = "before\n\n<!-- table: written by `pnpm bench --write` -->\n<!-- end of table -->\n\nafter\n";
    const page = withTable(empty, report);
    expect(page).toContain(
      "Measured 2026-11-21 on 2 cores (c), Node 24; load average 0.1 before and 0.2 after the run.",
    );
    expect(page.startsWith("before\n")).toBe(true);
    expect(page.endsWith("\nafter\n")).toBe(true);
    expect(withTable(page, report)).toBe(page);
  });

  it("the page is not touched without marks", () => {
    expect(() => withTable("no marks", report)).toThrow("no <!-- table");
  });
});
