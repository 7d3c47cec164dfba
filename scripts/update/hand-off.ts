import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./commands.ts";
import type { PreparedUpdate } from "./flow.ts";

const GIT = ["git"] as const;
const REF = "refs/openapi-update/made";
const FACTS = "update.json";
const BUNDLE = "commit.bundle";

/** Writes a prepared update to a folder, as it goes from the job that tests to the job that publishes. */
export async function writeHandOff(root: string, folder: string, prepared: PreparedUpdate): Promise<void> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, FACTS), JSON.stringify(prepared, null, 2));
  if (prepared.change === undefined) return;
  await run(GIT, ["update-ref", REF, prepared.change.made], { cwd: root });
  await run(GIT, ["bundle", "create", "--quiet", join(folder, BUNDLE), REF, "^HEAD"], { cwd: root });
}

/** Reads it into another checkout of the same commit. What it says is checked where it is used (`checkWritten`). */
export async function readHandOff(root: string, folder: string): Promise<PreparedUpdate> {
  const { commit, change } = JSON.parse(readFileSync(join(folder, FACTS), "utf8")) as PreparedUpdate;
  if (!/^[0-9a-f]{40}$/.test(commit)) throw new Error(`${FACTS}: commit must be 40 hexadecimal digits`);
  if (change === undefined) return { commit, change: undefined };
  await run(GIT, ["fetch", "--quiet", "--no-tags", join(folder, BUNDLE), `+${REF}:${REF}`], { cwd: root });
  const made = await run(GIT, ["rev-parse", REF], { cwd: root });
  return { commit, change: { made, report: String(change.report), testsPassed: change.testsPassed === true } };
}
