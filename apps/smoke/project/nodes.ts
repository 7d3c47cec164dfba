/** The versions of Node that a user may have: the one these tests run on, and the machine's own where it is Node 20. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

/** A Node to run things with. */
export interface NodeVersion {
  /** `Node 24`; `Node 20 (none here)` where `path` is absent. */
  readonly title: string;
  readonly path: string | undefined;
}

/** The folders of PATH that the user set up; pnpm puts the workspace's own, with its Node, in front of them. */
const userPath = (process.env.PATH ?? "").split(delimiter).filter((folder) => !folder.includes("node_modules"));

function systemNode20(): NodeVersion {
  const path = userPath.map((folder) => join(folder, "node")).find((file) => existsSync(file));
  const version = path && spawnSync(path, ["--version"], { encoding: "utf8" }).stdout.trim();
  return version?.startsWith("v20.")
    ? { title: `Node ${version.slice(1)}`, path }
    : { title: `Node 20 (none here: ${version ?? "no node on PATH"})`, path: undefined };
}

/** Both; the second has no path where the machine's Node is another. */
export const NODES: readonly NodeVersion[] = [
  { title: `Node ${process.versions.node}`, path: process.execPath },
  systemNode20(),
];

/**
 * Environment of a command that must find that Node and nothing of the workspace. Every Node process loads the loopback guard.
 * Requests to the origins of `standIns` go to the loopback addresses given for them.
 */
export function userEnvironment(
  node: string,
  project: string,
  standIns: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return {
    HOME: project,
    PATH: [dirname(node), ...userPath].join(delimiter),
    NODE_OPTIONS: `--import=${pathToFileURL(join(project, "guard.mjs")).href}`,
    SMOKE_STAND_INS: JSON.stringify(standIns),
    GHL_TOKEN: "pit-root",
  };
}
