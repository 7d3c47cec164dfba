import { resolve } from "node:path";
import { type Command, textFlag, textFlags } from "../command.ts";
import { UsageError } from "../errors.ts";
import { LINT_CLASSES, lint } from "../lint/lint.ts";
import { groupFindings, lintToJson, lintToText } from "../lint/report.ts";
import { collectStats } from "../lint/stats.ts";
import { parseSource } from "../load/documents.ts";
import { openFlaggedSource, readLockFile, SOURCE_OPTIONS } from "./source-flags.ts";

const HELP = `Usage: ghl-codegen lint [--from <folder | file.tar.gz | github>] [options]

Lists what is wrong in HighLevel's OpenAPI documents as they come, by class of defect, with file and JSON Pointer.
Exits 0 with findings unless --fail-on says otherwise.

  --from <source>        as for sync; default: github at the commit of the lock
  --lock <file>          default: openapi/sources.lock.json
  --class <class>        only this class; may be repeated
  --fail-on <class|any>  exit 1 when there is a finding of this class, or any; may be repeated
  --stats                also count uses of keywords and servers, which are no defects
  --commit, --repository, --github-url   as for sync
  --json                 every finding as JSON

Classes:
${[...LINT_CLASSES].map(([name, why]) => `  ${name.padEnd(34)}${why}`).join("\n")}
`;

export const lintCommand: Command = {
  help: HELP,
  options: {
    ...SOURCE_OPTIONS,
    lock: { type: "string" },
    class: { type: "string", multiple: true },
    "fail-on": { type: "string", multiple: true },
    stats: { type: "boolean" },
    json: { type: "boolean" },
  },
  async run(flags, io) {
    const wanted = textFlags(flags, "class").map(requireClass);
    const failOn = textFlags(flags, "fail-on").map((name) => (name === "any" ? name : requireClass(name)));
    const lock = await readLockFile(resolve(io.cwd, textFlag(flags, "lock") ?? "openapi/sources.lock.json"));
    const documents = parseSource(await openFlaggedSource(flags, io, lock));
    const all = lint(documents);
    const findings = wanted.length === 0 ? all : all.filter((finding) => wanted.includes(finding.class));
    const reports = groupFindings(findings);
    const stats = flags.stats === true ? collectStats(documents) : undefined;
    io.out(flags.json === true ? lintToJson(reports, stats) : lintToText(reports, stats));
    const fails =
      (failOn.includes("any") && findings.length > 0) || all.some((finding) => failOn.includes(finding.class));
    return fails ? 1 : 0;
  },
};

function requireClass(name: string): string {
  if (LINT_CLASSES.has(name)) return name;
  throw new UsageError(`no class ${name}; ghl-codegen lint --help lists them`);
}
