import { resolve } from "node:path";
import { didYouMean } from "@ghl-edge/core";
import { UsageError } from "../errors.ts";
import { readEvidence } from "../input/evidence/load.ts";
import { LINT_CLASSES, lint, lintDocumentFiles } from "../input/lint/lint.ts";
import { groupFindings, lintToJson, lintToText } from "../input/lint/report.ts";
import type { Finding } from "../input/lint/rule.ts";
import { collectStats, type Stats } from "../input/lint/stats.ts";
import { readDocumentFiles } from "../input/load/document-files.ts";
import { parseSource } from "../input/load/documents.ts";
import { locate } from "../input/load/location.ts";
import { ownOrPackaged } from "../packaged.ts";
import { type Command, type CommandIo, EXIT, type FlagValues, textFlag, textFlags } from "./command.ts";
import { openFlaggedSource, readLockFile, SOURCE_OPTIONS } from "./source-flags.ts";

const ANY = "any";
const NONE = "none";

export const lintCommand: Command = {
  name: "lint",
  summary: "list what is wrong in OpenAPI documents, HighLevel's or your own",
  usage: ["--input <file or URL> [options]", "[--from <source>] [options]"],
  options: {
    input: {
      type: "string",
      value: "file or URL",
      multiple: true,
      help: "an OpenAPI 3 document, JSON or YAML; default: HighLevel's documents",
    },
    class: { type: "string", value: "class", multiple: true, help: "only this class" },
    "fail-on": {
      type: "string",
      value: "class",
      multiple: true,
      help: "exit 1 on a finding of this class, of any, or of none; default: any that is listed",
    },
    stats: { type: "boolean", help: "also count uses of keywords and servers in HighLevel's documents" },
    ...SOURCE_OPTIONS,
    lock: { type: "string", value: "file", help: "default: openapi/sources.lock.json, else that of this package" },
    json: { type: "boolean", help: "every finding, as JSON" },
  },
  examples: [
    ["lint --input petstore.yaml", "a document of your own"],
    ["lint --from ../highlevel-api-docs", "HighLevel's documents, from a checkout"],
    ["lint --input petstore.yaml --class enum-duplicates --json", "one class of defect, for a program"],
  ],
  found: "there are findings (--fail-on says which count)",
  notes: `Classes:\n${[...LINT_CLASSES].map(([name, why]) => `  ${name.padEnd(34)}${why}`).join("\n")}`,
  async run(flags, io) {
    const selected = textFlags(flags, "class").map((name) => requireClass(name, []));
    const failOn = textFlags(flags, "fail-on").map((name) => requireClass(name, [ANY, NONE]));
    const { all, stats } = await collect(flags, io);
    const findings = selected.length === 0 ? all : all.filter((finding) => selected.includes(finding.class));
    const reports = groupFindings(findings);
    io.out(flags.json === true ? lintToJson(reports, stats) : lintToText(reports, stats));
    const fails =
      ((failOn.length === 0 || failOn.includes(ANY)) && findings.length > 0) ||
      all.some((finding) => failOn.includes(finding.class));
    return fails ? EXIT.found : EXIT.done;
  },
};

async function collect(flags: FlagValues, io: CommandIo): Promise<{ all: Finding[]; stats: Stats | undefined }> {
  const inputs = textFlags(flags, "input");
  if (inputs.length > 0) {
    const upstream = [...Object.keys(SOURCE_OPTIONS), "lock", "stats"].find((name) => flags[name] !== undefined);
    if (upstream !== undefined) throw new UsageError(`--${upstream} belongs to HighLevel's documents, not to --input`);
    const documents = inputs.map((input) => readDocumentFiles(locate(input, io.cwd)));
    const read = await Promise.all(documents);
    return { all: read.flatMap((document, index) => lintDocumentFiles(document, inputs[index])), stats: undefined };
  }
  const lock = await readLockFile(resolve(io.cwd, textFlag(flags, "lock") ?? "openapi/sources.lock.json"));
  const documents = parseSource(await openFlaggedSource(flags, io, lock));
  const files = readEvidence(ownOrPackaged(resolve(io.cwd, "openapi"), "evidence"));
  const evidence = new Map(files.map(({ module, observations }) => [module, observations()]));
  return { all: lint(documents, evidence), stats: flags.stats === true ? collectStats(documents) : undefined };
}

function requireClass(name: string, others: readonly string[]): string {
  const known = [...LINT_CLASSES.keys(), ...others];
  if (known.includes(name)) return name;
  throw new UsageError(
    `unknown class "${name}"${didYouMean(name, known)}\n  ghl-codegen lint --help lists the classes`,
  );
}
