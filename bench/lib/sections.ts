import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { machine, withTable } from "../report/report.ts";
import { isMet, type Row } from "../report/row.ts";
import { markdownTable } from "../report/table.ts";
import { run } from "./child.ts";
import { type Context, ROOT } from "./context.ts";

/** Name → section, loaded when it runs. */
export type Sections = Readonly<Record<string, () => Promise<(context: Context) => Promise<Row[]>>>>;

/** Below the repository's root. */
export interface Written {
  /** Document with the markers of a table. */
  readonly page: string;
  readonly results: string;
}

/** The command line of a benchmark: `[--write | [--short] [--only <section>,…]] [--json]`. */
export async function runSections(sections: Sections, written: Written): Promise<void> {
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
  if (!values.write) return;
  const page = join(ROOT, written.page);
  writeFileSync(page, withTable(readFileSync(page, "utf8"), report));
  const results = join(ROOT, written.results);
  writeFileSync(results, json);
  // the repository's formatter aligns tables
  await run(join(ROOT, "node_modules/.bin/biome"), ["format", "--write", page, results], ROOT);
}
