import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Branch, checkWritten, commitWritten, headOf, isChanged, push, restore } from "./branch.ts";
import { type CommandLine, run, tryRun } from "./commands.ts";
import { closePullRequest, type PullRequests, writePullRequest } from "./pull-request.ts";
import { newestCommit, type Upstream } from "./upstream.ts";

export interface UpdateOptions {
  /** A clean checkout of the base branch. */
  readonly root: string;
  readonly upstream: Upstream;
  /** Server of the upstream repository's archives. Default: GitHub's. */
  readonly archiveUrl?: string | undefined;
  readonly remote: string;
  readonly base: string;
  readonly branch: string;
  readonly commands: {
    readonly codegen: CommandLine;
    readonly test: CommandLine;
    readonly gh: CommandLine;
  };
  readonly log: (line: string) => void;
}

export interface UpdateResult {
  readonly outcome: "nothing" | "closed" | "opened" | "updated" | "unchanged";
  /** Upstream's newest commit. */
  readonly commit: string;
  /** Undefined where there was nothing to test. */
  readonly testsPassed: boolean | undefined;
}

const TITLE = "Follow HighLevel's documents";

/** Result of the first half for the second: facts and texts, and a commit in this repository. */
export interface PreparedUpdate {
  /** Upstream's newest commit. */
  readonly commit: string;
  /** `undefined` when nothing changed. */
  readonly change: { readonly made: string; readonly report: string; readonly testsPassed: boolean } | undefined;
}

/** Sync → diff → generate → commit → test. Runs what was generated, and therefore needs no rights. */
export async function prepareUpdate(options: UpdateOptions): Promise<PreparedUpdate> {
  const { root, log } = options;
  if (await isChanged(root, ".")) throw new Error("the checkout has changes of its own; start from a clean one");
  const commit = await newestCommit(options.upstream);
  await syncTo(commit, options);
  if (!(await isChanged(root, "openapi/v2", "openapi/v3"))) {
    // words changed, or files moved: no client is another one for it
    await restore(root, "openapi");
    log("nothing changed");
    return { commit, change: undefined };
  }
  const temporary = mkdtempSync(join(tmpdir(), "openapi-update-"));
  try {
    const report = join(temporary, "report.md");
    const before = `${await headOf(root)}:openapi`;
    const changesets = ["--changeset", ".changeset", "--fail-on", "none"];
    await codegen(options, "diff", before, "openapi", "--markdown", "--out", report, ...changesets);
    await codegen(options, "generate");
    const made = await commitWritten(root, temporary, TITLE);
    log("testing");
    const testsPassed = (await tryRun(options.commands.test, [], { cwd: root, show: true })).status === 0;
    return { commit, change: { made, report: readFileSync(report, "utf8"), testsPassed } };
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Push → one pull request, which the next change moves on. Runs git and `gh`, and nothing of what was prepared. */
export async function publishUpdate(options: UpdateOptions, { commit, change }: PreparedUpdate): Promise<UpdateResult> {
  const { root, log } = options;
  const requests: PullRequests = { root, gh: options.commands.gh, branch: options.branch, base: options.base };
  if (change === undefined) {
    const closed = await closePullRequest(requests, "HighLevel's documents are again what this repository follows.");
    return { outcome: closed ? "closed" : "nothing", commit, testsPassed: undefined };
  }
  const { made, report, testsPassed } = change;
  await checkWritten(root, made);
  const temporary = mkdtempSync(join(tmpdir(), "openapi-update-"));
  try {
    const branch: Branch = { root, remote: options.remote, name: options.branch };
    const moved = await push(branch, made);
    const body = join(temporary, "body.md");
    writeFileSync(body, bodyText(options, commit, { testsPassed, report }));
    const outcome = await writePullRequest(requests, testsPassed ? TITLE : `${TITLE} (tests fail)`, body);
    log(`pull request ${outcome}`);
    return { outcome: outcome === "updated" && !moved ? "unchanged" : outcome, commit, testsPassed };
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/**
 * Both halves on one machine. When nothing changed, or what had changed is as before, an open pull request is closed. Whatever fails
 * before the push leaves the remote as it was.
 */
export async function updateOpenapi(options: UpdateOptions): Promise<UpdateResult> {
  return publishUpdate(options, await prepareUpdate(options));
}

function syncTo(commit: string, options: UpdateOptions): Promise<void> {
  const { upstream, archiveUrl } = options;
  const from = archiveUrl === undefined ? [] : ["--github-url", archiveUrl];
  return codegen(options, "sync", "--from", "github", "--repository", upstream.repository, "--commit", commit, ...from);
}

async function codegen({ commands, root, log }: UpdateOptions, ...args: string[]): Promise<void> {
  log(`ghl-codegen ${args.join(" ")}`);
  await run(commands.codegen, args, { cwd: root });
}

function bodyText(
  { upstream }: UpdateOptions,
  commit: string,
  { testsPassed, report }: { readonly testsPassed: boolean; readonly report: string },
): string {
  const tests = testsPassed
    ? "Every test passed."
    : "**Tests fail with these documents**: the log of the workflow run names them. An overlay or a rule may have to change.";
  return `${upstream.repository}@${commit.slice(0, 7)}, distilled and generated. ${tests}\n\n${report}`;
}
