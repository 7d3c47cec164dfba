import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "../update/commands.ts";
import { prepareUpdate, publishUpdate, type UpdateOptions, type UpdateResult, updateOpenapi } from "../update/flow.ts";
import { readHandOff, writeHandOff } from "../update/hand-off.ts";

const CODEGEN = fileURLToPath(new URL("../../packages/codegen/src/cli.ts", import.meta.url));
const WHO = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "init.defaultBranch=main"];

let folder: string;
let url: string;
let close: () => void;

const git = (cwd: string, ...args: string[]): string =>
  execFileSync("git", [...WHO, ...args], { cwd, encoding: "utf8" }).trim();

function write(root: string, path: string, value: unknown): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), typeof value === "string" ? value : JSON.stringify(value, null, 2));
}

/** HighLevel's repository with one document. */
function pets(required: string[], { summary = "Make a pet", reference = "Pet" } = {}): object {
  return {
    openapi: "3.0.0",
    info: { title: "Pets", version: "1.0" },
    servers: [{ url: "https://pets.example" }],
    paths: {
      "/pets/": {
        post: {
          operationId: "create-pet",
          summary,
          requestBody: {
            required: true,
            content: { "application/json": { schema: { $ref: `#/components/schemas/${reference}` } } },
          },
          responses: { 201: { description: "Made" } },
        },
      },
    },
    components: {
      schemas: {
        Pet: { type: "object", required, properties: { name: { type: "string" }, kind: { type: "string" } } },
      },
    },
  };
}

/** Upstream moves on; the server names its newest commit. */
function publish(document: object, path = "apps/v3/pets-v3.json"): string {
  const upstream = join(folder, "upstream");
  rmSync(join(upstream, "apps"), { recursive: true, force: true });
  write(upstream, path, document);
  git(upstream, "add", "--all");
  git(upstream, "commit", "--quiet", "--allow-empty", "-m", "docs");
  return git(upstream, "rev-parse", "HEAD");
}

/** A `gh` that records its `gh pr` commands and answers with the pull requests there are. */
const FAKE_GH = `
import { existsSync, readFileSync, writeFileSync } from "node:fs";
const [file, , verb, ...rest] = process.argv.slice(2);
const state = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
const flag = (name) => rest[rest.indexOf(name) + 1];
const text = () => ({ title: flag("--title"), body: readFileSync(flag("--body-file"), "utf8") });
if (verb === "list") process.stdout.write(JSON.stringify(state.filter((pr) => pr.open && pr.head === flag("--head")).map(({ number }) => ({ number }))));
else if (verb === "create") state.push({ number: state.length + 1, open: true, head: flag("--head"), base: flag("--base"), edits: 0, ...text() });
else if (verb === "edit") { const pr = state[Number(rest[0]) - 1]; Object.assign(pr, text(), { edits: pr.edits + 1 }); }
else if (verb === "close") state[Number(rest[0]) - 1].open = false;
else process.exit(1);
writeFileSync(file, JSON.stringify(state));
`;

interface PullRequest {
  number: number;
  open: boolean;
  head: string;
  base: string;
  edits: number;
  title: string;
  body: string;
}

const pullRequests = (): PullRequest[] => JSON.parse(readFileSync(join(folder, "prs.json"), "utf8")) as PullRequest[];
const remote = (...args: string[]): string => git(join(folder, "remote.git"), ...args);

/** A checkout of its own, as CI has it. */
function checkout(test: [string, ...string[]] = [process.execPath, "-e", ""]): UpdateOptions {
  const root = mkdtempSync(join(folder, "checkout-"));
  git(folder, "clone", "--quiet", "remote.git", root);
  return {
    root,
    upstream: { repository: "o/docs", ref: "main", apiUrl: url, token: "not-for-you" },
    archiveUrl: url,
    remote: "origin",
    base: "main",
    branch: "openapi-update",
    commands: {
      codegen: [process.execPath, CODEGEN],
      test,
      gh: [process.execPath, join(folder, "gh.mjs"), join(folder, "prs.json")],
    },
    log: () => undefined,
  };
}

/** One run on one machine. */
const update = (test?: [string, ...string[]]): Promise<UpdateResult> => updateOpenapi(checkout(test));

const authorizations: (string | undefined)[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "openapi-update-test-"));
  write(folder, "gh.mjs", FAKE_GH);
  write(folder, "prs.json", "[]");
  const upstream = join(folder, "upstream");
  mkdirSync(upstream);
  git(upstream, "init", "--quiet");
  const server = createServer((request, response) => {
    authorizations.push(request.headers.authorization);
    const archive = /^\/o\/docs\/tar\.gz\/([0-9a-f]{40})$/.exec(request.url ?? "")?.[1];
    if (request.url === "/repos/o/docs/commits/main") response.end(git(upstream, "rev-parse", "HEAD"));
    else if (archive === undefined) response.writeHead(404).end();
    else
      response.end(execFileSync("git", ["archive", "--format=tar.gz", "--prefix=docs/", archive], { cwd: upstream }));
  }).listen(0, "127.0.0.1");
  close = () => server.close();
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const commit = publish(pets([]));
  const seed = join(folder, "seed");
  mkdirSync(seed);
  git(seed, "init", "--quiet");
  write(seed, "packages/client/package.json", { name: "@ghl-edge/client", version: "0.3.0" });
  write(seed, ".changeset/README.md", "# Changesets\n");
  const targets = { client: "packages/client/src/generated", emulator: "packages/emulator/src/generated" };
  const packages = [{ folder: "packages/client", follows: "operations" }];
  write(seed, "ghl-codegen.config.mjs", `export default ${JSON.stringify({ targets, packages })};\n`);
  // not execFileSync: the server answers in this process
  await run([process.execPath, CODEGEN], ["sync", "--repository", "o/docs", "--commit", commit, "--github-url", url], {
    cwd: seed,
  });
  await run([process.execPath, CODEGEN], ["generate", "--no-cache"], { cwd: seed });
  git(seed, "add", "--all");
  git(seed, "commit", "--quiet", "-m", "start");
  git(folder, "clone", "--quiet", "--bare", "seed", "remote.git");
}, 60_000);

afterAll(() => {
  close();
  rmSync(folder, { recursive: true, force: true });
});

const LIMIT_MS = 60_000;

test(
  "nothing new upstream: nothing happens",
  async () => {
    expect(await update()).toMatchObject({ outcome: "nothing", testsPassed: undefined });
    expect(pullRequests()).toEqual([]);
    expect(remote("branch", "--format=%(refname:short)")).toBe("main");
  },
  LIMIT_MS,
);

test(
  "only words changed, the order too, or the file moved: nothing happens",
  async () => {
    publish(pets([], { summary: "Make another pet" }), "apps/v3/pets.json");
    expect(await update()).toMatchObject({ outcome: "nothing" });
    expect(pullRequests()).toEqual([]);
  },
  LIMIT_MS,
);

test(
  "a change that breaks opens a pull request with the report, the changeset and what was generated",
  async () => {
    const main = remote("rev-parse", "main");
    const commit = publish(pets(["name"]));
    const script = 'require("node:fs").writeFileSync(process.argv[1], "tested")';
    const tested = join(folder, "tested");
    expect(await update([process.execPath, "-e", script, tested])).toEqual({
      outcome: "opened",
      commit,
      testsPassed: true,
    });
    expect(readFileSync(tested, "utf8")).toBe("tested");
    const [pull] = pullRequests();
    expect(pull).toMatchObject({ number: 1, open: true, head: "openapi-update", base: "main" });
    expect(pull?.body).toContain(`o/docs@${commit.slice(0, 7)}`);
    expect(pull?.body).toContain("`Pet.name`: now required _(request)_");
    expect(pull?.body).toContain("| `@ghl-edge/client` | 0.3.0 | minor |");
    expect(pull?.body).toContain("Every test passed.");
    expect(remote("rev-parse", "main")).toBe(main);
    expect(remote("rev-parse", "openapi-update^")).toBe(main);
    const files = remote("diff", "--name-only", "main", "openapi-update").split("\n");
    expect(files).toContain("openapi/v3/pets.json");
    expect(files).toContain("openapi/sources.lock.json");
    expect(files).toContain("packages/client/src/generated/v3/pets.schema.gen.d.ts");
    expect(files.filter((file) => !/^(openapi|\.changeset|packages\/\w+\/src\/generated)\//.test(file))).toEqual([]);
    const changeset = files.find((file) => file.startsWith(".changeset/openapi-")) ?? "";
    const text = remote("show", `openapi-update:${changeset}`);
    expect(text).toMatch(/^---\n"@ghl-edge\/client": minor\n---\n/);
    expect(text).toContain("`pets.createPet` (v3): give `body.name`, which is required now.");
  },
  LIMIT_MS,
);

test(
  "the same again leaves branch and pull request as they are",
  async () => {
    const tip = remote("rev-parse", "openapi-update");
    expect(await update()).toMatchObject({ outcome: "unchanged" });
    expect(remote("rev-parse", "openapi-update")).toBe(tip);
    expect(pullRequests()).toHaveLength(1);
  },
  LIMIT_MS,
);

test(
  "the next change moves the one pull request on",
  async () => {
    publish(pets(["name", "kind"]));
    expect(await update()).toMatchObject({ outcome: "updated" });
    expect(pullRequests()).toHaveLength(1);
    expect(pullRequests()[0]?.body).toContain("`Pet.kind`: now required");
    expect(remote("rev-list", "--count", "main..openapi-update")).toBe("1");
  },
  LIMIT_MS,
);

test(
  "the pull request names the tests that fail",
  async () => {
    publish(pets(["kind"]));
    expect(await update([process.execPath, "-e", "process.exit(3)"])).toMatchObject({
      outcome: "updated",
      testsPassed: false,
    });
    expect(pullRequests()[0]?.title).toContain("tests fail");
    expect(pullRequests()[0]?.body).toContain("Tests fail with these documents");
  },
  LIMIT_MS,
);

test(
  "documents that cannot be read stop everything: nothing is pushed, nothing is said",
  async () => {
    const [tip, before] = [remote("rev-parse", "openapi-update"), pullRequests()];
    publish(pets([], { reference: "Gone" }));
    await expect(update()).rejects.toMatchObject({
      code: "ERR_UPDATE_COMMAND",
      output: expect.stringContaining("ERR_GHL_CODEGEN_UNRESOLVED_REF"),
    });
    expect(remote("rev-parse", "openapi-update")).toBe(tip);
    expect(pullRequests()).toEqual(before);
  },
  LIMIT_MS,
);

test(
  "when upstream takes it back, the pull request is closed",
  async () => {
    publish(pets([]));
    expect(await update()).toMatchObject({ outcome: "closed" });
    expect(pullRequests()[0]).toMatchObject({ open: false });
  },
  LIMIT_MS,
);

test(
  "one of the two jobs tests and changes nothing outside, and the other publishes its commit from another checkout",
  async () => {
    const [tip, before] = [remote("rev-parse", "openapi-update"), pullRequests()];
    publish(pets(["kind"]));
    const [first, second, handOff] = [checkout(), checkout(), join(folder, "hand-off")];
    await writeHandOff(first.root, handOff, await prepareUpdate(first));
    expect([remote("rev-parse", "openapi-update"), pullRequests()]).toEqual([tip, before]);
    const prepared = await readHandOff(second.root, handOff);
    // Nothing but git and `gh` may run there.
    const commands = { ...second.commands, codegen: ["/nowhere"], test: ["/nowhere"] } as const;
    expect(await publishUpdate({ ...second, commands }, prepared)).toMatchObject({ testsPassed: true });
    expect(remote("rev-parse", "openapi-update")).toBe(prepared.change?.made);
    expect(pullRequests().at(-1)).toMatchObject({ open: true });
  },
  LIMIT_MS,
);

test(
  "a commit that changes more than the flow writes is not published",
  async () => {
    const { root, ...rest } = checkout();
    const tip = remote("rev-parse", "openapi-update");
    const change = { report: "", testsPassed: true };
    for (const path of [".github/workflows/ci.yml", "packages/client/src/index.ts", "openapi.txt"]) {
      git(root, "reset", "--quiet", "--hard", "origin/main");
      write(root, path, "x");
      git(root, "add", "--all");
      git(root, "commit", "--quiet", "-m", "more");
      const made = git(root, "rev-parse", "HEAD");
      git(root, "reset", "--quiet", "--hard", "HEAD^");
      const prepared = { commit: tip, change: { ...change, made } };
      await expect(publishUpdate({ root, ...rest }, prepared)).rejects.toThrow(path);
    }
    expect(remote("rev-parse", "openapi-update")).toBe(tip);
  },
  LIMIT_MS,
);

test("no request carries the token for GitHub's API to another host", () => {
  expect(authorizations.length).toBeGreaterThan(8);
  expect(authorizations.filter((value) => value !== undefined)).toEqual([]);
});
