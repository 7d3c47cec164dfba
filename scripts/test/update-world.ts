import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll } from "vitest";
import { run } from "../update/commands.ts";
import { type UpdateOptions, type UpdateResult, updateOpenapi } from "../update/flow.ts";

const CODEGEN = fileURLToPath(new URL("../../packages/codegen/src/cli.ts", import.meta.url));
const WHO = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "init.defaultBranch=main"];

export let folder: string;
let url: string;
let close: () => void;

export const git = (cwd: string, ...args: string[]): string =>
  execFileSync("git", [...WHO, ...args], { cwd, encoding: "utf8" }).trim();

export function write(root: string, path: string, value: unknown): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), typeof value === "string" ? value : JSON.stringify(value, null, 2));
}

/** HighLevel's repository with one document. */
export function pets(required: string[], { summary = "Make a pet", reference = "Pet" } = {}): object {
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
export function publish(document: object, path = "apps/v3/pets-v3.json"): string {
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
export const [file, , verb, ...rest] = process.argv.slice(2);
export const state = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
export const flag = (name) => rest[rest.indexOf(name) + 1];
export const text = () => ({ title: flag("--title"), body: readFileSync(flag("--body-file"), "utf8") });
if (verb === "list") process.stdout.write(JSON.stringify(state.filter((pr) => pr.open && pr.head === flag("--head")).map(({ number }) => ({ number }))));
else if (verb === "create") state.push({ number: state.length + 1, open: true, head: flag("--head"), base: flag("--base"), edits: 0, ...text() });
else if (verb === "edit") { const pr = state[Number(rest[0]) - 1]; Object.assign(pr, text(), { edits: pr.edits + 1 }); }
else if (verb === "close") state[Number(rest[0]) - 1].open = false;
else process.exit(1);
writeFileSync(file, JSON.stringify(state));
`;

export interface PullRequest {
  number: number;
  open: boolean;
  head: string;
  base: string;
  edits: number;
  title: string;
  body: string;
}

export const pullRequests = (): PullRequest[] =>
  JSON.parse(readFileSync(join(folder, "prs.json"), "utf8")) as PullRequest[];
export const remote = (...args: string[]): string => git(join(folder, "remote.git"), ...args);

/** A checkout of its own, as CI has it. */
export function checkout(test: [string, ...string[]] = [process.execPath, "-e", ""]): UpdateOptions {
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
export const update = (test?: [string, ...string[]]): Promise<UpdateResult> => updateOpenapi(checkout(test));

export const authorizations: (string | undefined)[] = [];

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

export const LIMIT_MS = 60_000;
