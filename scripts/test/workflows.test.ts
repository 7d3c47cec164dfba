import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

// Anyone who can change a dependency or a document of HighLevel's runs code in CI, so such a job must hold nothing worth stealing.

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}
interface Job {
  readonly permissions?: Readonly<Record<string, string>> | string;
  readonly environment?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly permissions?: Readonly<Record<string, string>> | string;
  readonly env?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const workflows = globSync(".github/workflows/*.yml", { cwd: root }).map((path) => {
  const text = readFileSync(root + path, "utf8");
  return { path, text, workflow: parse(text) as Workflow };
});
const jobs = workflows.flatMap(({ path, workflow }) =>
  Object.entries(workflow.jobs).map(([name, job]) => ({ name: `${path} ${name}`, job, workflow })),
);

/** Commands that run no code of ours that was generated or tested, and none of a dependency's scripts. */
const HARMLESS = [
  /npm install --global pnpm@[\d.]+( && )?/g,
  /pnpm install --frozen-lockfile --ignore-scripts/g,
  /node scripts\/openapi-update\.ts --publish "\$RUNNER_TEMP\/update"/g,
  /npm view "\$id" version/g,
  /npm publish "\$tarball" --access public --provenance --ignore-scripts/g,
  /gh auth setup-git/g,
];
/** Whether a job runs tests, builds, install scripts or any other program of the repository. */
const runsCode = ({ steps }: Job): boolean =>
  steps.some(({ run = "" }) =>
    /\b(npm|npx|pnpm|node|bash|sh|turbo|vitest|tsc)\b/.test(
      HARMLESS.reduce((text, known) => text.replace(known, ""), run),
    ),
  );
const writes = (permissions: Job["permissions"]): boolean =>
  typeof permissions === "string" ? permissions !== "read-all" : Object.values(permissions ?? {}).includes("write");
const hasSecret = (part: unknown): boolean => /secrets\.|github\.token/.test(JSON.stringify(part));

test("there are workflows, and jobs of both kinds", () => {
  expect(workflows.map(({ path }) => path.split("/").at(-1)).sort()).toEqual([
    "ci.yml",
    "openapi-update.yml",
    "release.yml",
  ]);
  expect(jobs.filter(({ job }) => runsCode(job)).length).toBeGreaterThanOrEqual(3);
  expect(jobs.filter(({ job }) => writes(job.permissions)).length).toBeGreaterThanOrEqual(3);
});

describe.each(workflows)("$path", ({ text, workflow }) => {
  test("a workflow gives no right to all of its jobs, and says what each has", () => {
    expect(workflow.permissions).toBeDefined();
    expect(writes(workflow.permissions)).toBe(false);
    expect(hasSecret(workflow.env ?? {})).toBe(false);
  });

  test("a workflow pins every action by the hash of a commit, with its version beside it", () => {
    const uses = text.split("\n").filter((line) => /\buses:/.test(line));
    expect(uses.length).toBeGreaterThan(0);
    for (const line of uses) expect(line).toMatch(/uses: [\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test("a workflow puts no expression into a shell script, where its value would be code", () => {
    for (const job of Object.values(workflow.jobs))
      for (const { run } of job.steps) expect(run ?? "").not.toContain("${{");
  });
});

test.each(jobs)("$name leaves no credentials in a checkout", ({ job }) => {
  for (const { uses, with: given } of job.steps)
    if (uses?.startsWith("actions/checkout@")) expect(given?.["persist-credentials"]).toBe(false);
});

test.each(jobs.filter(({ job }) => runsCode(job)))(
  "$name runs code, and therefore has no right to write, no secret and no environment",
  ({ job, workflow }) => {
    expect(writes(job.permissions ?? workflow.permissions)).toBe(false);
    expect(hasSecret(job)).toBe(false);
    expect(job.environment).toBeUndefined();
  },
);

test.each(jobs.filter(({ job }) => Object.hasOwn(Object(job.permissions), "id-token")))(
  "$name may speak for the repository: only behind an environment, without a checkout, and with no other right",
  ({ job }) => {
    expect(job.environment).toBe("npm");
    expect(job.permissions).toEqual({ "id-token": "write" });
    expect(job.steps.some(({ uses }) => uses?.startsWith("actions/checkout@"))).toBe(false);
  },
);

test("the release publishes what the job without rights has left", () => {
  const { build, publish } = workflows.find(({ path }) => path.endsWith("release.yml"))!.workflow.jobs;
  const named = (job: Job | undefined, action: string): unknown =>
    job?.steps.find(({ uses }) => uses?.startsWith(action))?.with?.name;
  expect(named(build, "actions/upload-artifact@")).toBe("tarballs");
  expect(named(publish, "actions/download-artifact@")).toBe("tarballs");
  expect(build?.steps.some(({ run }) => run === "npm test")).toBe(true);
});
