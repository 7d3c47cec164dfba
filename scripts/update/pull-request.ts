import { type CommandLine, run } from "./commands.ts";

export interface PullRequests {
  readonly root: string;
  /** `gh`, or what behaves like it. */
  readonly gh: CommandLine;
  readonly branch: string;
  readonly base: string;
}

/** Number of the open pull request of the branch. */
export async function openPullRequest({ root, gh, branch }: PullRequests): Promise<number | undefined> {
  const args = ["pr", "list", "--head", branch, "--state", "open", "--json", "number"];
  const list = JSON.parse(await run(gh, args, { cwd: root })) as { number: number }[];
  return list[0]?.number;
}

/** Opens the pull request, or moves the open one on. */
export async function writePullRequest(
  requests: PullRequests,
  title: string,
  bodyFile: string,
): Promise<"opened" | "updated"> {
  const { root, gh, branch, base } = requests;
  const number = await openPullRequest(requests);
  const text = ["--title", title, "--body-file", bodyFile];
  if (number === undefined) {
    await run(gh, ["pr", "create", "--head", branch, "--base", base, ...text], { cwd: root });
    return "opened";
  }
  await run(gh, ["pr", "edit", String(number), ...text], { cwd: root });
  return "updated";
}

/** Closes the open pull request, if there is one. */
export async function closePullRequest(requests: PullRequests, comment: string): Promise<boolean> {
  const number = await openPullRequest(requests);
  if (number === undefined) return false;
  await run(requests.gh, ["pr", "close", String(number), "--comment", comment], { cwd: requests.root });
  return true;
}
