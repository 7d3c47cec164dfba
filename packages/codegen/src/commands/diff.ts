import { join, resolve } from "node:path";
import { didYouMean } from "@ghl-edge/core";
import { proposeBumps } from "../compare/changeset/bump.ts";
import { writeChangesets } from "../compare/changeset/changeset.ts";
import { ANY_PACKAGE, readPackages } from "../compare/changeset/packages.ts";
import { diff } from "../compare/compare-files.ts";
import { CLASSES } from "../compare/model.ts";
import { renderJson } from "../compare/render/json.ts";
import { renderMarkdown } from "../compare/render/markdown.ts";
import { renderText } from "../compare/render/text.ts";
import type { Report } from "../compare/report.ts";
import { UsageError } from "../errors.ts";
import { readOverlays } from "../input/overlay/files.ts";
import { writeOutput } from "../write-output.ts";
import { type Command, type CommandIo, EXIT, type FlagValues, textFlag, textFlags } from "./command.ts";
import { loadConfig } from "./config/load-config.ts";

const NONE = "none";

export const diffCommand: Command = {
  name: "diff",
  summary: "report what changed between two sets of documents, for whom, and how to release it",
  usage: ["<before> <after> [options]"],
  allowPositionals: true,
  options: {
    "fail-on": {
      type: "string",
      value: "class",
      multiple: true,
      help: "exit 1 on a change of this class, on types, on any, or on none; default: breaking",
    },
    markdown: { type: "boolean", help: "for a pull request" },
    json: { type: "boolean", help: "everything, as JSON" },
    "no-types": { type: "boolean", help: "do not compile the client of <before> against that of <after>" },
    overlays: { type: "string", value: "folder", help: "apply these to documents as HighLevel has them" },
    changeset: { type: "string", value: "folder", help: "write changesets for the packages of the configuration" },
    root: { type: "string", value: "folder", help: "folder to find the configuration from; default: the current one" },
    out: { type: "string", value: "file", help: "write the report there instead of to standard output" },
  },
  examples: [
    ["diff main openapi", "a git revision against the working tree"],
    ["diff v1.2.0:openapi main:openapi", "two revisions; also one file: main:openapi/v3/contacts.json"],
    ["diff old.json new.yaml --fail-on any", "two documents; exit 1 on any change"],
  ],
  found: "a breaking change, or one that --fail-on names",
  notes: `<before> and <after> are a file, a folder, an archive, or a git revision: main:openapi, main:openapi/v3/contacts.json,
or main alone for its openapi folder. Documents as HighLevel has them are repaired and distilled first.
Links, additionalOperations and callbacks of callbacks are not compared: standard error names those that may differ.

Classes, by the side of the API a change stands on:
  breaking  a request is no longer taken, or an answer may be what it never was
  additive  more can be sent or read; existing callers are not affected
  metadata  security, scopes, operationId, deprecation, Version, pagination
  docs      words only; found only between documents as HighLevel has them`,
  async run(flags, io, positionals) {
    const [before, after] = positionals;
    if (before === undefined || after === undefined || positionals.length > 2) {
      throw new UsageError("name two files, folders or revisions: ghl-codegen diff <before> <after>");
    }
    if (flags.markdown === true && flags.json === true)
      throw new UsageError("--markdown and --json exclude each other");
    const named = textFlags(flags, "fail-on").map(requireClass);
    const failOn = named.length === 0 ? ["breaking"] : named;
    const loaded = await loadConfig(resolve(io.cwd, textFlag(flags, "root") ?? "."));
    const packages = await readPackages(loaded?.config.packages ?? [], loaded?.root ?? io.cwd);
    const report = await makeReport({ before, after }, flags, {
      io,
      packages: packages.length === 0 ? ANY_PACKAGE : packages,
    });
    for (const part of report.diff.notCompared) io.err(`not compared: ${part}\n`);
    await print(render(report, flags), flags, io);
    const folder = textFlag(flags, "changeset");
    if (folder !== undefined) {
      for (const { file, text } of writeChangesets(report, packages))
        await writeOutput(join(resolve(io.cwd, folder), file), text);
    }
    return fails(report, failOn) ? EXIT.found : EXIT.done;
  },
};

async function makeReport(
  { before, after }: { readonly before: string; readonly after: string },
  flags: FlagValues,
  { io, packages }: { readonly io: CommandIo; readonly packages: Parameters<typeof proposeBumps>[2] },
): Promise<Report> {
  const folder = textFlag(flags, "overlays");
  const overlays = folder === undefined ? [] : await readOverlays(resolve(io.cwd, folder));
  const found = await diff(before, after, { cwd: io.cwd, overlays });
  // the compiler is loaded only when there is something to compile
  const compared = flags["no-types"] !== true;
  const types = compared ? (await import("../compare/types/check.ts")).checkTypes(found.pairs) : undefined;
  return { diff: found, types, bumps: proposeBumps(found, types ?? [], packages) };
}

function render(report: Report, flags: FlagValues): string {
  if (flags.json === true) return renderJson(report);
  return flags.markdown === true ? renderMarkdown(report) : renderText(report);
}

async function print(text: string, flags: FlagValues, io: CommandIo): Promise<void> {
  const file = textFlag(flags, "out");
  if (file === undefined) io.out(text);
  else await writeOutput(resolve(io.cwd, file), text);
}

function requireClass(name: string): string {
  const known = [...CLASSES, "types", "any", NONE];
  if (known.includes(name)) return name;
  throw new UsageError(
    `unknown class "${name}"${didYouMean(name, known)}\n  ghl-codegen diff --help lists the classes`,
  );
}

function fails({ diff: found, types }: Report, failOn: readonly string[]): boolean {
  return (
    found.findings.some((finding) => failOn.includes("any") || failOn.includes(finding.class)) ||
    (failOn.includes("types") && (types ?? []).length > 0)
  );
}
