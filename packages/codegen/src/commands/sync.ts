import { join, resolve } from "node:path";
import { type Command, textFlag } from "../command.ts";
import { readOverlays } from "../overlay/files.ts";
import { type SyncResult, sync } from "../sync/pipeline.ts";
import { compareFolder, type FolderDifference, writeFolder } from "../sync/write.ts";
import { openFlaggedSource, readLockFile, SOURCE_OPTIONS } from "./source-flags.ts";

const HELP = `Usage: ghl-codegen sync [--from <folder | file.tar.gz | github>] [options]

Reads HighLevel's OpenAPI documents as they come, repairs them by named rules, applies the overlays, and writes the
distilled documents and their lock. Prints how often each rule was needed. Writes nothing when anything fails.

  --from <source>       a checkout of the upstream repository, an archive of it, or github (default): the locked commit
  --out <folder>        where v2/, v3/ and sources.lock.json go (default: openapi)
  --overlays <folder>   corrections made by hand (default: <out>/overlays)
  --check               write nothing; exit 1 when the folder is not what sync would write
  --commit <commit>     github: read this commit; folder, archive: record it in the lock
  --repository <o/n>    repository to read or to record (default: the locked one)
  --date <YYYY-MM-DD>   date of the commit, to record
  --github-url <url>    server of the archives (or GHL_CODEGEN_GITHUB_URL; default: https://codeload.github.com)
  --json                result and errors as one JSON value
`;

export const syncCommand: Command = {
  help: HELP,
  options: {
    ...SOURCE_OPTIONS,
    out: { type: "string" },
    overlays: { type: "string" },
    check: { type: "boolean" },
    date: { type: "string" },
    json: { type: "boolean" },
  },
  async run(flags, io) {
    const out = resolve(io.cwd, textFlag(flags, "out") ?? "openapi");
    const overlayFolder = textFlag(flags, "overlays");
    const previousLock = await readLockFile(join(out, "sources.lock.json"));
    const source = await openFlaggedSource(flags, io, previousLock);
    const overlays = await readOverlays(
      overlayFolder === undefined ? join(out, "overlays") : resolve(io.cwd, overlayFolder),
    );
    const result = sync({ source, overlays, previousLock });
    const difference = await compareFolder(out, result.files);
    const check = flags.check === true;
    if (!check) await writeFolder(out, result.files, difference);
    io.out(flags.json === true ? toJson(result, difference) : toText(result, difference, check));
    return check && count(difference) > 0 ? 1 : 0;
  },
};

function count({ added, changed, removed }: FolderDifference): number {
  return added.length + changed.length + removed.length;
}

function toText(result: SyncResult, difference: FolderDifference, check: boolean): string {
  const width = Math.max(...[...result.repairs.keys()].map((rule) => rule.length));
  const lines = [
    `${result.documents} documents, ${result.overlayActions} overlay actions, repairs:`,
    ...[...result.repairs].map(([rule, times]) => `  ${rule.padEnd(width)} ${String(times).padStart(6)}`),
    ...difference.added.map((path) => `${check ? "missing" : "added"}  ${path}`),
    ...difference.changed.map((path) => `${check ? "stale" : "changed"}  ${path}`),
    ...difference.removed.map((path) => `${check ? "superfluous" : "removed"}  ${path}`),
  ];
  if (count(difference) === 0) lines.push("everything is up to date");
  return `${lines.join("\n")}\n`;
}

function toJson(result: SyncResult, difference: FolderDifference): string {
  const { documents, overlayActions, repairs } = result;
  return `${JSON.stringify({ documents, overlayActions, repairs: Object.fromEntries(repairs), ...difference }, null, 2)}\n`;
}
