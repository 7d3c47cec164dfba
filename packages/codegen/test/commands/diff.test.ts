import { execFileSync } from "node:child_process";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { GeneratedPackage } from "../../src/compare/changeset/packages.ts";
import { openSpecFiles } from "../../src/compare/read/files.ts";
import { readSpecDocuments } from "../../src/compare/read/read.ts";
import type { Json, JsonObject } from "../../src/json/json.ts";
import { baseDocument } from "../compare/corpus/base.ts";
import { committedDocuments, OPENAPI } from "../support/repository.ts";
import { run, temporaryFolder, upstream, writeFiles } from "../support/source.ts";

const QUICK = "--no-types";

/** The base document with another set of values for one parameter, which breaks callers that send `desc`. */
function narrowed(): JsonObject {
  const text = JSON.stringify(baseDocument()).replace('["asc","desc"]', '["asc"]');
  return JSON.parse(text) as JsonObject;
}

async function project(files: Record<string, Json>): Promise<string> {
  const folder = temporaryFolder();
  await writeFiles(folder, files);
  return folder;
}

const config = (packages: readonly GeneratedPackage[]): string => `export default ${JSON.stringify({ packages })};`;

const pair = (): Promise<string> => project({ "a/shop.json": baseDocument(), "b/shop.json": narrowed() });

test("two files and two folders give the same finding", async () => {
  const folder = await pair();
  for (const argv of [
    ["a/shop.json", "b/shop.json"],
    ["a", "b"],
  ]) {
    const { code, out, err } = await run(folder, ["diff", ...argv, QUICK]);
    expect({ code, err }).toEqual({ code: 1, err: "" });
    expect((await run(folder, ["diff", ...argv, QUICK, "--fail-on", "none"])).code).toBe(0);
    expect(out).toContain("1 breaking\n");
    expect(out).toContain('  shop  PUT /orders/{orderId} query sort: values removed: "desc" (request)\n');
  }
});

test("a git revision is read for a file, a folder, and the openapi folder of a commit, without touching the checkout", async () => {
  const folder = await project({ "openapi/v3/shop.json": baseDocument(), "other/x.json": baseDocument() });
  const git = (...args: string[]): string =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
      cwd: folder,
      encoding: "utf8",
    });
  git("init", "--quiet");
  git("add", ".");
  git("commit", "--quiet", "-m", "one");
  await writeFiles(folder, { "openapi/v3/shop.json": narrowed() });
  git("commit", "--quiet", "--all", "-m", "two");
  for (const argv of [
    ["HEAD~1", "HEAD"],
    ["HEAD~1:openapi", "HEAD:openapi/"],
    ["HEAD~1:openapi/v3/shop.json", "HEAD:openapi/v3/shop.json"],
    ["HEAD~1:openapi", "openapi"],
    ["HEAD~1:other/x.json", "openapi/v3/shop.json"],
  ]) {
    const { code, out, err } = await run(folder, ["diff", ...argv, "--json", QUICK]);
    expect({ code, err }).toEqual({ code: 1, err: "" });
    const { counts, findings } = JSON.parse(out) as { counts: object; findings: JsonObject[] };
    expect(counts).toEqual({ breaking: 1, additive: 0, metadata: 0, docs: 0 });
    expect(findings[0]).toMatchObject({ kind: "enum-values-removed", before: ["desc"], path: "query sort" });
  }
  expect(git("status", "--porcelain")).toBe("");
});

test("a diff finds nothing when all files moved, in another order and with another indent", async () => {
  const reorder = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(reorder);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, member]) => [key, reorder(member)]),
    );
  };
  const files = Object.entries(upstream()).filter(([path]) => path !== "toc.json");
  const folder = await project({
    ...Object.fromEntries(files.map(([path, value]) => [`a/${path}`, value])),
    ...Object.fromEntries(files.map(([path, value]) => [`b/specs/${path}`, JSON.stringify(reorder(value), null, 4)])),
    ...Object.fromEntries(
      files.map(([path, value]) => [`c/${path.replace("apps/", "docs/").replace("things", "stuff")}`, value]),
    ),
  });
  for (const other of ["b", "c"]) {
    const { out } = await run(folder, ["diff", "a", other, "--json"]);
    expect(JSON.parse(out)).toMatchObject({ findings: [], types: [], documents: { added: [], removed: [] } });
  }
});

test("one file brings what it refers to, from the disk and from a commit, also from where it was moved to", async () => {
  const shared: JsonObject = { Label: { type: "string", maxLength: 3 } };
  const labelled = (reference: string): JsonObject => {
    const document = baseDocument();
    (document.components as { schemas: JsonObject }).schemas.Base = {
      type: "object",
      properties: { label: { $ref: reference } },
    };
    return document;
  };
  const folder = await project({
    "a/docs/shop.json": labelled("../common/shared.json#/components/schemas/Label"),
    "a/common/shared.json": { components: { schemas: shared } },
    "b/shop.json": labelled("../common/shared.json#/components/schemas/Label"),
    "b/shared.json": { components: { schemas: { Label: { type: "string", maxLength: 2 } } } },
    "b/unrelated.json": "not JSON",
  });
  const git = (...args: string[]): string =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
      cwd: folder,
      encoding: "utf8",
    });
  git("init", "--quiet");
  git("add", ".");
  git("commit", "--quiet", "-m", "one");
  for (const argv of [
    ["a/docs/shop.json", "b/shop.json"],
    ["HEAD:a/docs/shop.json", "HEAD:b/shop.json"],
  ]) {
    const { err, out } = await run(folder, ["diff", ...argv, QUICK]);
    expect(err).toBe("");
    expect(out).toContain("Label: limit maxLength 3 → maxLength 2");
  }
});

test("upstream's form and the distilled one are the same, but for what overlays add", async () => {
  const folder = await project(
    Object.fromEntries(Object.entries(upstream()).map(([path, value]) => [`up/${path}`, value])),
  );
  expect((await run(folder, ["sync", "--from", "up"])).code).toBe(0);
  const { out } = await run(folder, ["diff", "up", "openapi", "--json"]);
  expect(JSON.parse(out)).toMatchObject({ findings: [], types: [] });
});

test("a distilled document is read as it is", async () => {
  const documents = await readSpecDocuments(await openSpecFiles(OPENAPI, "/"));
  const values = new Map(documents.map(({ name, value }) => [name, value]));
  for (const { name, document } of committedDocuments()) expect(values.get(name), name).toEqual(document);
});

test("--fail-on decides the exit code", async () => {
  const folder = await pair();
  const code = async (...argv: string[]): Promise<number> => (await run(folder, ["diff", ...argv])).code;
  expect(await code("a", "b", QUICK, "--fail-on", "breaking")).toBe(1);
  expect(await code("a", "b", QUICK, "--fail-on", "additive", "--fail-on", "metadata")).toBe(0);
  expect(await code("b", "a", QUICK, "--fail-on", "breaking")).toBe(0);
  expect(await code("b", "a", QUICK, "--fail-on", "any")).toBe(1);
  expect(await code("a", "a", "--fail-on", "any", "--fail-on", "types")).toBe(0);
  expect(await code("a", "b", "--fail-on", "types")).toBe(1);
});

test("--changeset writes for the packages of the configuration, with their own bumps", async () => {
  const folder = await pair();
  await writeFiles(folder, {
    "libs/shop/package.json": { name: "@x/shop", version: "1.2.3" },
    "libs/mock/package.json": { name: "@x/mock", version: "0.4.0" },
    "libs/hooks/package.json": { name: "@x/hooks", version: "0.4.0" },
    // A folder of this repository's own name counts for nothing unless the configuration names it.
    "packages/client/package.json": { name: "@x/client", version: "1.0.0" },
    "ghl-codegen.config.mjs": config([
      { folder: "libs/shop", follows: "operations" },
      { folder: "libs/mock", follows: "operations", typed: false },
      { folder: "libs/hooks", follows: "events" },
    ]),
  });
  const { out } = await run(folder, ["diff", "a", "b", "--changeset", "sets", "--markdown"]);
  expect(out).toContain("| `@x/shop` | 1.2.3 | major |");
  expect(out).toContain("| `@x/hooks` | 0.4.0 | none | nothing changed |");
  expect(out).not.toContain("@x/client");
  const [file = ""] = await readdir(join(folder, "sets"));
  expect(file).toMatch(/^openapi-[0-9a-f]{7}\.md$/);
  const text = await readFile(join(folder, "sets", file), "utf8");
  expect(text).toMatch(/^---\n"@x\/shop": major\n"@x\/mock": minor\n---\n\nFollow HighLevel's documents: 1 change /);
  expect(text).toContain('- `shop.updateOrder`: do not send "desc" as `sort`.');
  await run(folder, ["diff", "a", "b", "--changeset", "sets"]);
  expect(await readdir(join(folder, "sets"))).toEqual([file]);
  await run(folder, ["diff", "a", "a", "--changeset", "none"]);
  await expect(readdir(join(folder, "none"))).rejects.toThrow();
});

test("a package of the configuration that is not there is an error that names its package.json", async () => {
  const folder = await pair();
  await writeFiles(folder, { "ghl-codegen.config.mjs": config([{ folder: "libs/gone", follows: "operations" }]) });
  const { code, err } = await run(folder, ["diff", "a", "b", QUICK]);
  expect(code).toBe(2);
  expect(err).toContain("libs/gone/package.json");
});

test("a removed webhook event is a breaking change, because handlers read it", async () => {
  const events = await readFile(join(OPENAPI, "webhooks.yaml"), "utf8");
  const folder = await project({
    "a/webhooks.yaml": events,
    "b/webhooks.yaml": events.replace("\n  AppInstall:\n", "\n  AppInstalled:\n"),
  });
  await writeFiles(folder, {
    "hooks/package.json": { name: "@x/hooks", version: "0.4.0" },
    "ghl-codegen.config.mjs": config([{ folder: "hooks", follows: "events" }]),
  });
  const { out } = await run(folder, ["diff", "a", "b", "--changeset", "sets"]);
  expect(out).toContain("  webhooks  EVENT AppInstall: operation removed\n");
  expect(out).toContain("@x/hooks 0.4.0: minor, 1 breaking, 1 additive\n");
  expect((await run(folder, ["diff", "a", "a"])).out).toContain("no change");
});

test.each<[string, string[], number, string]>([
  ["no second side", ["a"], 2, "ERR_GHL_CODEGEN_USAGE"],
  ["a class there is not", ["a", "b", "--fail-on", "bad"], 2, "ERR_GHL_CODEGEN_USAGE"],
  ["two forms at once", ["a", "b", "--json", "--markdown"], 2, "ERR_GHL_CODEGEN_USAGE"],
  ["nothing of that name", ["a", "gone"], 2, "ERR_GHL_CODEGEN_UNREADABLE"],
  ["no revision of that name", ["a", "gone:openapi"], 2, "ERR_GHL_CODEGEN_UNREADABLE"],
  ["an option of git", ["a", "--", "--upload-pack=x:y"], 2, "ERR_GHL_CODEGEN_UNREADABLE"],
  ["a folder without documents", ["a", "empty"], 2, "ERR_GHL_CODEGEN_UNREADABLE"],
  ["a file that is not JSON", ["a", "broken"], 2, "ERR_GHL_CODEGEN_NOT_PARSABLE"],
  ["a reference to nowhere", ["a", "dangling"], 2, "ERR_GHL_CODEGEN_UNRESOLVED_REF"],
])("%s is an error", async (_, argv, code, text) => {
  const folder = await pair();
  await mkdir(join(folder, "empty"));
  const dangling = JSON.stringify(baseDocument()).replaceAll("schemas/Node", "schemas/Nobody");
  await writeFiles(folder, { "broken/x.json": "{", "dangling/x.json": dangling });
  const result = await run(folder, ["diff", ...argv]);
  expect(result.code).toBe(code);
  expect(argv.includes("--json") ? result.out : result.err).toContain(text);
});

test("--out writes the report to a file, and says when it cannot", async () => {
  const folder = await pair();
  const { out } = await run(folder, ["diff", "a", "b", QUICK, "--markdown", "--out", "deep/report.md"]);
  expect(out).toBe("");
  expect(await readFile(join(folder, "deep/report.md"), "utf8")).toContain("### Breaking");
  await writeFile(join(folder, "file"), "");
  await rename(join(folder, "file"), join(folder, "blocked"));
  const blocked = await run(folder, ["diff", "a", "b", QUICK, "--out", "blocked/report.md"]);
  expect(blocked).toMatchObject({ code: 2 });
  expect(blocked.err).toContain("ERR_GHL_CODEGEN_WRITE");
});
