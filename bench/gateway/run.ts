/**
 * `pnpm bench:gateway [--write | [--short] [--only latency,cost]]`: the gateway beside a bare proxy, and what a call costs. Prints a
 * table, or with `--json` every row; `--write` also puts the table into docs/design/benchmarks-gateway.md and every row into
 * gateway/results.json.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { run } from "../lib/child.ts";
import { type Context, ROOT } from "../lib/context.ts";
import { machine, withTable } from "../report/report.ts";
import { isMet, type Row } from "../report/row.ts";
import { markdownTable } from "../report/table.ts";

const sections: Readonly<Record<string, () => Promise<(context: Context) => Promise<Row[]>>>> = {
  latency: async () => (await import("./latency.ts")).latency,
  cost: async () => (await import("./cost.ts")).cost,
};

const { values } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    only: { type: "string" },
    write: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
if (values.write && (values.short || values.only !== undefined)) {
  throw new TypeError("only a full run of all sections is written down");
}
const names = values.only?.split(",") ?? Object.keys(sections);
const unknown = names.filter((name) => sections[name] === undefined);
if (unknown.length > 0) {
  throw new TypeError(`no section ${unknown.join(", ")}; there are ${Object.keys(sections).join(", ")}`);
}
const context: Context = { short: values.short, log: (line) => console.error(line) };
const before = machine();
const rows: Row[] = [];
for (const name of names) rows.push(...(await (await sections[name]!())(context)));
const report = { ...before, loadAfter: machine().load, short: context.short, rows };
const json = `${JSON.stringify({ ...report, rows: rows.map((row) => ({ ...row, met: isMet(row) })) }, null, 2)}\n`;
if (values.json) process.stdout.write(json);
else {
  const { date, cpus, node, load, loadAfter } = report;
  console.log(markdownTable(rows));
  console.log(`\n${date}, ${cpus} cores, Node ${node}, load ${load} before, ${loadAfter} after`);
}
if (values.write) {
  const page = join(ROOT, "docs/design/benchmarks-gateway.md");
  writeFileSync(page, withTable(readFileSync(page, "utf8"), report));
  const results = join(ROOT, "bench/gateway/results.json");
  writeFileSync(results, json);
  // the repository's formatter aligns tables
  await run(join(ROOT, "node_modules/.bin/biome"), ["format", "--write", page, results], ROOT);
}
