import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { join } from "node:path";
import { isMet, type Row } from "./row.ts";
import { markdownTable } from "./table.ts";

/** Machine and time of a measurement. `load` is the mean number of busy processes over the last minute. */
export interface Machine {
  readonly date: string;
  readonly cpus: number;
  readonly cpu: string;
  readonly node: string;
  readonly load: number;
}

export const machine = (): Machine => ({
  date: new Date().toISOString().slice(0, 10),
  cpus: availableParallelism(),
  cpu: cpus()[0]?.model ?? "unknown",
  node: process.versions.node,
  load: Number(loadavg()[0]!.toFixed(2)),
});

/** One run. */
export interface Report extends Machine {
  readonly loadAfter: number;
  readonly short: boolean;
  readonly rows: readonly Row[];
}

const START = "<!-- table: written by `pnpm bench --write` -->";
const END = "<!-- end of table -->";

/** The page with a new table between its two marks. */
export function withTable(page: string, report: Report): string {
  const start = page.indexOf(START);
  const end = page.indexOf(END);
  if (start === -1 || end < start) throw new Error(`the page has no ${START} … ${END}`);
  const { date, cpus: cores, cpu, node, load, loadAfter, rows } = report;
  const caption = `Measured ${date} on ${cores} cores (${cpu}), Node ${node}; load average ${load} before and ${loadAfter} after the run.`;
  return `${page.slice(0, start + START.length)}\n\n${caption}\n\n${markdownTable(rows)}\n\n${page.slice(end)}`;
}

/** Writes docs/design/benchmarks.md and bench/results.json below the repository's root; returns their paths. */
export function writeReport(root: string, report: Report): string[] {
  const page = join(root, "docs/design/benchmarks.md");
  writeFileSync(page, withTable(readFileSync(page, "utf8"), report));
  const results = join(root, "bench/results.json");
  const rows = report.rows.map((row) => ({ ...row, met: isMet(row) }));
  writeFileSync(results, `${JSON.stringify({ ...report, rows }, null, 2)}\n`);
  return [page, results];
}
