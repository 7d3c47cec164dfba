import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseJson } from "../input/load/parse.ts";
import { openSource } from "../input/load/source/open.ts";
import type { Source } from "../input/load/source/source.ts";
import { type Lock, lockedOrigin, readLock } from "../input/sync/lock.ts";
import { packagedFolder } from "../packaged.ts";
import { type CommandIo, type FlagOption, type FlagValues, textFlag } from "./command.ts";

/** Name of the lock in a folder of distilled documents. */
export const LOCK = "sources.lock.json";

/** Flags of every command that reads HighLevel's documents as they come. */
export const SOURCE_OPTIONS = {
  from: {
    type: "string",
    value: "source",
    help: "a checkout of HighLevel's documents, a .tar.gz of it, or github (default)",
  },
  commit: { type: "string", value: "commit", help: "github: the commit to read; default: that of the lock" },
  repository: {
    type: "string",
    value: "owner/name",
    help: "repository to read or to record; default: that of the lock",
  },
  "github-url": {
    type: "string",
    value: "url",
    help: "server of the archives, also GHL_CODEGEN_GITHUB_URL; default: https://codeload.github.com",
  },
} as const satisfies Readonly<Record<string, FlagOption>>;

/**
 * The lock of a folder of distilled documents. Where there is none yet, the lock that this package brings along: its
 * commit is the one that the packaged overlays were made for.
 */
export async function readLockFile(file: string): Promise<Lock | undefined> {
  return (await readIfThere(file)) ?? readIfThere(join(packagedFolder(), LOCK));
}

async function readIfThere(file: string): Promise<Lock | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  return text === undefined ? undefined : readLock(parseJson(text, file));
}

/** Opens what `--from` names: a folder, an archive, or GitHub at the locked commit. */
export function openFlaggedSource(flags: FlagValues, io: CommandIo, lock: Lock | undefined): Promise<Source> {
  const from = textFlag(flags, "from") ?? "github";
  return openSource({
    from: from === "github" ? from : resolve(io.cwd, from),
    stated: {
      repository: textFlag(flags, "repository"),
      commit: textFlag(flags, "commit"),
      date: textFlag(flags, "date"),
    },
    locked: lockedOrigin(lock),
    githubUrl: textFlag(flags, "github-url") ?? io.env.GHL_CODEGEN_GITHUB_URL,
  });
}
