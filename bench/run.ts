/**
 * `pnpm bench [--write | [--short] [--only <section>,…]]`: measures everything in one run and prints one table. `--write` also puts the
 * table into docs/design/benchmarks.md and every row into results.json.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { run } from "./lib/child.ts";
import { type Context, ROOT } from "./lib/context.ts";
import { generatePeerTypes } from "./lib/peer-types.ts";
import { machine, writeReport } from "./report/report.ts";
import type { Row } from "./report/row.ts";
import { markdownTable } from "./report/table.ts";

/** Name → section, loaded when it runs: one that cannot be loaded does not stop the others. */
const sections: Readonly<Record<string, () => Promise<(context: Context) => Promise<Row[]>>>> = {
  codegen: async () => (await import("./sections/codegen.ts")).codegen,
  upstream: async () => (await import("./sections/upstream.ts")).upstreamDocuments,
  types: async () => (await import("./sections/types.ts")).types,
  completion: async () => (await import("./sections/completion.ts")).completion,
  bundle: async () => (await import("./sections/bundle.ts")).bundle,
  overhead: async () => (await import("./sections/overhead.ts")).overhead,
  import: async () => (await import("./sections/import-time.ts")).importTime,
  signatures: async () => (await import("./sections/signatures.ts")).signatures,
  recovery: async () => (await import("./sections/recovery.ts")).recovery,
};
/** These read what the peers' generators wrote. */
const NEED_PEER_TYPES = ["types", "completion", "bundle"];

const { values } = parseArgs({
  options: { short: { type: "boolean" }, only: { type: "string" }, write: { type: "boolean" } },
});
if (values.write === true && (values.short === true || values.only !== undefined)) {
  throw new TypeError("only a full run of all sections is written down");
}
const names = values.only?.split(",") ?? Object.keys(sections);
const unknown = names.filter((name) => sections[name] === undefined);
if (unknown.length > 0) {
  throw new TypeError(`no section ${unknown.join(", ")}; there are ${Object.keys(sections).join(", ")}`);
}
const context: Context = { short: values.short === true, log: (line) => console.error(line) };
const before = machine();
if (names.some((name) => NEED_PEER_TYPES.includes(name))) {
  context.log("peers write their types");
  await generatePeerTypes();
}

const rows: Row[] = [];
const failed: string[] = [];
for (const name of names) {
  try {
    rows.push(...(await (await sections[name]!())(context)));
  } catch (error) {
    failed.push(name);
    console.error(`${name} failed:`, error);
  }
}
const report = { ...before, loadAfter: machine().load, short: context.short, rows };
console.log(markdownTable(rows));
console.log(
  `\n${before.date}, ${before.cpus} cores, Node ${before.node}, load ${before.load} before, ${report.loadAfter} after`,
);
if (values.write === true) {
  const written = writeReport(ROOT, report);
  // the repository's formatter aligns tables
  await run(join(ROOT, "node_modules/.bin/biome"), ["format", "--write", ...written], ROOT);
}
if (failed.length > 0) {
  console.error(`failed: ${failed.join(", ")}`);
  process.exitCode = 1;
}
