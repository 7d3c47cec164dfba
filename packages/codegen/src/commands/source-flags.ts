import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { ParseArgsConfig } from "node:util";
import { type CommandIo, type FlagValues, textFlag } from "../command.ts";
import { openSource } from "../load/open.ts";
import { parseJson } from "../load/parse.ts";
import type { Source } from "../load/source.ts";
import { type Lock, lockedOrigin, readLock } from "../sync/lock.ts";

/** Flags of every command that reads upstream documents. */
export const SOURCE_OPTIONS = {
  from: { type: "string" },
  commit: { type: "string" },
  repository: { type: "string" },
  "github-url": { type: "string" },
} as const satisfies ParseArgsConfig["options"];

/** The lock a folder of distilled documents has; undefined when there is none yet. */
export async function readLockFile(file: string): Promise<Lock | undefined> {
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
