import { join, resolve } from "node:path";
import { readOverlays } from "../input/overlay/files.ts";
import { type SyncResult, sync } from "../input/sync/pipeline.ts";
import { compareFolder, type FolderDifference, writeFolder } from "../input/sync/write.ts";
import { ownOrPackaged, packagedFolder } from "../packaged.ts";
import { type Command, EXIT, textFlag } from "./command.ts";
import { LOCK, openFlaggedSource, readLockFile, SOURCE_OPTIONS } from "./source-flags.ts";

export const syncCommand: Command = {
  name: "sync",
  summary: "read HighLevel's OpenAPI documents, repair and distil them into a folder",
  usage: ["[--from <source>] [--out <folder>] [--check]"],
  options: {
    from: SOURCE_OPTIONS.from,
    out: {
      type: "string",
      value: "folder",
      help: "where v2/, v3/, evidence/examples.json and the lock go; default: openapi",
    },
    overlays: {
      type: "string",
      value: "folder",
      help: "corrections made by hand; default: <out>/overlays, else those of this package",
    },
    check: { type: "boolean", help: "write nothing; exit 1 when the folder is not what sync would write" },
    commit: { ...SOURCE_OPTIONS.commit, help: "github: read this commit; folder, archive: record it in the lock" },
    repository: SOURCE_OPTIONS.repository,
    date: { type: "string", value: "YYYY-MM-DD", help: "date of the commit, to record" },
    "github-url": SOURCE_OPTIONS["github-url"],
    json: { type: "boolean", help: "result and errors as one JSON value" },
  },
  examples: [
    ["sync", "from GitHub, at the commit of the lock"],
    ["sync --from ../highlevel-api-docs", "from a checkout"],
    ["sync --check", "for CI: is the folder current?"],
  ],
  found: "--check: the folder is not what sync would write",
  notes: "Prints how often each repair rule was needed. Writes nothing when anything fails.",
  async run(flags, io) {
    const out = resolve(io.cwd, textFlag(flags, "out") ?? "openapi");
    const previousLock = await readLockFile(join(out, LOCK));
    const source = await openFlaggedSource(flags, io, previousLock);
    const own = textFlag(flags, "overlays");
    const folder = own === undefined ? ownOrPackaged(out, "overlays") : resolve(io.cwd, own);
    // the packaged overlays are made for all of HighLevel's documents, and a source may hold a part of them
    const packaged = folder === join(packagedFolder(), "overlays");
    const overlays = await readOverlays(folder);
    const result = sync({ source, overlays, previousLock, packagedOverlays: packaged });
    const difference = await compareFolder(out, result.files);
    const check = flags.check === true;
    if (!check) await writeFolder(out, result.files, difference);
    io.out(flags.json === true ? toJson(result, difference) : toText(result, difference, check));
    return check && count(difference) > 0 ? EXIT.found : EXIT.done;
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
