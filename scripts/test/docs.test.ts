import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { readPublicNames, unknownNames } from "../changeset-names.ts";

// Blocks of documents outside of packages/, whose READMEs apps/smoke compiles and runs; it also checks the shell of all documents.

const root = fileURLToPath(new URL("../..", import.meta.url));
const documents = globSync(["*.md", "bench/README.md", "docs/**/*.md", "{apps,packages}/gateway/*.md"], { cwd: root });

interface Block {
  readonly position: string;
  readonly path: string;
  readonly language: string;
  readonly text: string;
}

const blocks: Block[] = documents.flatMap((path) => {
  const document = readFileSync(join(root, path), "utf8");
  return [...document.matchAll(/^```(\w*)[^\n]*\n([\s\S]*?)^```$/gm)].map(({ index, 1: language, 2: text }) => ({
    position: `${path}:${document.slice(0, index).split("\n").length}`,
    path,
    language: language!,
    text: text!,
  }));
});

/** Folders of the tests that compile and run the TypeScript of a document. */
const COMPILED: Readonly<Record<string, string>> = {
  "README.md": "apps/smoke",
  "apps/gateway/README.md": "apps/gateway/test/docs",
  "docs/gateway/marketplace.md": "apps/gateway/test/docs",
};

test("documents are found, and blocks in them", () => {
  expect(documents.length).toBeGreaterThan(15);
  expect(blocks.length).toBeGreaterThan(20);
});

test("every block is of a kind that a test looks at; one without a language is a drawing", () => {
  for (const { position, path, language } of blocks) {
    expect(["", "sh", "ts", "json", "jsonc", "yaml", "sql"], position).toContain(language);
    if (language === "ts") expect(COMPILED, `${position}: no test compiles it`).toHaveProperty([path]);
  }
  for (const { position, text } of blocks.filter(({ language }) => language === ""))
    expect(text, `${position}: it has a language`).not.toMatch(/^\s*(import |const |npm |pnpm |curl |\{$)/m);
});

test("every block of JSON or YAML parses", () => {
  for (const { position, language, text } of blocks) {
    if (language === "yaml") expect(() => parse(text), position).not.toThrow();
    // A member as it stands in a larger object.
    if (/^jsonc?$/.test(language))
      expect(() => JSON.parse(/^\s*"/.test(text) ? `{${text}}` : text), position).not.toThrow();
  }
});

test("every query of a document names columns that its tables describe", () => {
  const queries = blocks.filter(({ language }) => language === "sql");
  expect(queries.length).toBeGreaterThan(0);
  for (const { position, path, text } of queries) {
    const document = readFileSync(join(root, path), "utf8");
    for (const [column] of text.matchAll(/\b(blob|double)\d+\b/g))
      expect(document, `${position}: ${column}`).toMatch(new RegExp(`^\\| \`${column}\``, "m"));
  }
});

const sources = globSync("{packages,apps,scripts,bench}/**/*.ts", {
  cwd: root,
  exclude: (path) => /(^|\/)(node_modules|dist)$/.test(path),
});
/** TypeScript files in backticks, by their names in a text. */
const filesIn = (text: string): string[] => [...text.matchAll(/`([\w@][\w@/.-]*\.ts)`/g)].map(([, name]) => name!);

test("every path that the walks through the code name exists, in full", () => {
  const architecture = readFileSync(join(root, "docs/design/architecture.md"), "utf8");
  const [, walks = ""] = /^## Five walks\n(.*?)^## /ms.exec(architecture) ?? [];
  const paths = filesIn(walks).map((path) => (path.startsWith("packages/") ? path : `packages/gateway/src/${path}`));
  expect(paths.length).toBeGreaterThan(15);
  expect(paths.filter((path) => !sources.includes(path))).toEqual([]);
});

/** Files that a user writes, or that a command makes. */
const NOT_COMMITTED: readonly string[] = ["ghl-codegen.config.ts", "worker-configuration.d.ts"];

test("every TypeScript file that a design document or an AGENTS.md names exists", () => {
  const paths = documents.filter((path) => /^docs\/design\/|AGENTS\.md$/.test(path));
  const named = [...paths, ...globSync("packages/*/AGENTS.md", { cwd: root })].flatMap((path) =>
    filesIn(readFileSync(join(root, path), "utf8")).map((name) => ({ path, name })),
  );
  expect(named.length).toBeGreaterThan(200);
  const missing = named.filter(
    ({ name }) => !NOT_COMMITTED.includes(name) && !sources.some((file) => `/${file}`.endsWith(`/${name}`)),
  );
  expect(missing).toEqual([]);
});

test("every file that the gateway's list of proofs names exists", () => {
  const list = readFileSync(join(root, "packages/gateway/test/README.md"), "utf8");
  const names = [...list.matchAll(/`([\w@/.-]+\.ts)`/g)].map(([, name]) => name!);
  const files = globSync(["{packages,apps}/*/{src,test,soak,local}/**/*.ts", "scripts/**/*.ts"], { cwd: root });
  const missing = names.filter((name) => !files.some((file) => `/${file}`.endsWith(`/${name}`)));
  expect(names.length).toBeGreaterThan(200);
  expect(missing).toEqual([]);
});

const changesets = globSync(".changeset/*.md", { cwd: root })
  .filter((path) => !path.endsWith("README.md"))
  .map((path) => {
    const text = readFileSync(join(root, path), "utf8");
    const [, name] = /^---\n"@ghl-edge\/([\w-]+)": \w+\n---\n/.exec(text) ?? [];
    return { path, name, text: text.replace(/^---\n.*?\n---\n/s, "") };
  });

test("every changeset names only entries, exports, fields and events that its package has", () => {
  expect(changesets.length).toBeGreaterThan(7);
  for (const { path, name, text } of changesets) {
    expect(name, `${path}: one package`).toBeDefined();
    expect(unknownNames(text, readPublicNames(join(root, "packages", name!))), path).toEqual([]);
  }
});

test("a name that a package has no more is found in a changeset", () => {
  const webhooks = readPublicNames(join(root, "packages/webhooks"));
  const text =
    "`createWebhookHandler({ secrets })`, `createHandler()`, `verifyDelivery`, `toleranceMs`, `leewayMs`, `event.dead`, `event.gone`, `@ghl-edge/webhooks/node`, `@ghl-edge/webhooks/deno`, `--check`, `Version`";
  expect(unknownNames(text, webhooks)).toEqual([
    "createHandler",
    "verifyDelivery",
    "leewayMs",
    "event.gone",
    "@ghl-edge/webhooks/deno",
  ]);
});
