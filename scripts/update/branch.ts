import { join } from "node:path";
import { type RunOptions, run, tryRun } from "./commands.ts";

const GIT = ["git"] as const;

/** Paths that the flow writes; nothing else gets into its commit. */
const WRITTEN = ["openapi", ".changeset", "packages/*/src/generated/*"];

/** Author of the commit: the account that a workflow's token belongs to. */
const AUTHOR = {
  GIT_AUTHOR_NAME: "github-actions[bot]",
  GIT_AUTHOR_EMAIL: "41898282+github-actions[bot]@users.noreply.github.com",
  GIT_COMMITTER_NAME: "github-actions[bot]",
  GIT_COMMITTER_EMAIL: "41898282+github-actions[bot]@users.noreply.github.com",
};

export interface Branch {
  readonly root: string;
  readonly remote: string;
  readonly name: string;
}

/** Whether any of the paths differ from what is checked out, new files included. */
export async function isChanged(root: string, ...paths: string[]): Promise<boolean> {
  return (await run(GIT, ["status", "--porcelain", "--untracked-files=all", "--", ...paths], { cwd: root })) !== "";
}

export function headOf(root: string): Promise<string> {
  return run(GIT, ["rev-parse", "HEAD"], { cwd: root });
}

/** Puts files back as they are checked out. */
export async function restore(root: string, ...paths: string[]): Promise<void> {
  await run(GIT, ["checkout", "--quiet", "HEAD", "--", ...paths], { cwd: root });
}

/**
 * A commit on top of HEAD with what the flow wrote. Neither the branch nor the index of the checkout moves: the commit is
 * made in an index of its own.
 */
export async function commitWritten(root: string, temporary: string, message: string): Promise<string> {
  const options: RunOptions = { cwd: root, env: { ...AUTHOR, GIT_INDEX_FILE: join(temporary, "index") } };
  await run(GIT, ["read-tree", "HEAD"], options);
  for (const path of WRITTEN) {
    // a path that matches nothing is an error to git; a checkout need not have all of them
    if (await isChanged(root, path)) await run(GIT, ["add", "--all", "--", path], options);
  }
  const tree = await run(GIT, ["write-tree"], options);
  return run(GIT, ["commit-tree", tree, "-p", "HEAD", "-m", message], options);
}

/** Whether the flow writes a file of this path. */
const isWritten = (path: string): boolean =>
  /^(openapi\/|\.changeset\/|packages\/[^/]+\/src\/generated\/)/.test(path) && !path.split("/").includes("..");

/**
 * A commit comes from a job that ran foreign code: it must be one step from what is checked out, and change only what the flow writes.
 *
 * @throws Error that names the first file beyond that
 */
export async function checkWritten(root: string, commit: string): Promise<void> {
  const parents = await run(GIT, ["rev-parse", `${commit}^@`], { cwd: root });
  if (parents !== (await headOf(root))) throw new Error("the update must be one commit on top of what is checked out");
  const changed = await run(GIT, ["diff", "--name-only", "--no-renames", "-z", "HEAD", commit], { cwd: root });
  const stray = changed.split("\0").find((path) => path !== "" && !isWritten(path));
  if (stray !== undefined) throw new Error(`the update must change generated files only, got ${stray}`);
}

/** Brings the remote branch to the commit; false when it already holds the same on top of the same. */
export async function push({ root, remote, name }: Branch, commit: string): Promise<boolean> {
  const options = { cwd: root };
  const tip = await tipOf({ root, remote, name });
  if (tip !== undefined) {
    await run(GIT, ["fetch", "--quiet", "--no-tags", remote, `refs/heads/${name}`], options);
    const tree = (of: string): Promise<string> => run(GIT, ["rev-parse", `${of}^{tree}`, `${of}^`], options);
    if ((await tree(tip)) === (await tree(commit))) return false;
  }
  // never over a commit that was not looked at
  const lease = `--force-with-lease=refs/heads/${name}:${tip ?? ""}`;
  await run(GIT, ["push", "--quiet", lease, remote, `${commit}:refs/heads/${name}`], options);
  return true;
}

export async function tipOf({ root, remote, name }: Branch): Promise<string | undefined> {
  const { status, out } = await tryRun(GIT, ["ls-remote", "--exit-code", remote, `refs/heads/${name}`], { cwd: root });
  return status === 0 ? out.split("\t")[0] : undefined;
}
