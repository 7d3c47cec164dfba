/** ghl-codegen in a repository that is not this one: the README's lines, and the output against this repository's packages. */
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { commitOpenapi, readmeConfig, readmeLines, writeUpstream, writeUserFiles } from "../project/codegen-lines.ts";
import { NODES, userEnvironment } from "../project/nodes.ts";
import { ROOT } from "../project/packages.ts";
import { run, runToSuccess } from "../project/run.ts";

const project = inject("project");
const bin = join(project, "node_modules/.bin/ghl-codegen");
const home = join(project, "strangers");
const lines = readmeLines();

/** Sections whose lines need HighLevel's documents; those of the others run where there are none. */
const SYNCED = ["HighLevel's modules in your own repository", "sync", "lint", "diff", "generate"];

let server: Server;
let env: Record<string, string>;
const requested: string[] = [];

beforeAll(async () => {
  mkdirSync(home);
  for (const folder of ["fresh", "synced"]) writeUserFiles(join(home, folder), project);
  const archive = join(home, "synced/docs.tar.gz");
  writeUpstream(join(home, "highlevel-api-docs"), archive);
  server = createServer((request, response) => {
    requested.push(request.url ?? "");
    response.end(readFileSync(archive));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  env = {
    ...userEnvironment(process.execPath, project),
    GHL_CODEGEN_GITHUB_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  };
  const synced = join(home, "synced");
  writeFileSync(join(synced, "ghl-codegen.config.ts"), readmeConfig());
  await runToSuccess(bin, ["sync"], { cwd: synced, env });
  commitOpenapi(synced);
});
afterAll(() => {
  server.close();
});

test("sync without anything reads the commit that the packaged overlays are made for", () => {
  const lock = JSON.parse(readFileSync(join(ROOT, "openapi/sources.lock.json"), "utf8")) as {
    documents: Record<string, { repository: string; commit: string }>;
  };
  const { repository, commit } = lock.documents["v3/contacts"]!;
  expect(requested[0]).toBe(`/${repository}/tar.gz/${commit}`);
});

test("the README has lines of every command", () => {
  const commands = new Set(lines.map(({ args }) => args[0]));
  expect([...commands].sort()).toEqual(["diff", "find", "generate", "lint", "observe", "scopes", "sync"]);
});

test.each(lines)("the line of the README runs: $line", async ({ section, args }) => {
  const folder = SYNCED.includes(section) ? "synced" : "fresh";
  const { code, stdout, stderr } = await run(bin, args, { cwd: join(home, folder), env });
  // 1 is a finding: the linter and diff may have some, nothing else may
  const mayFind = args[0] === "lint" || args[0] === "diff";
  expect(code, `${stdout.slice(-2000)}\n${stderr}`).toBeOneOf(mayFind ? [0, 1] : [0]);
  expect(stderr).not.toMatch(/Warning|ERR_/);
});

test("the README's lines have written where they say, and nothing to packages/", () => {
  const names = (folder: string) => readdirSync(join(home, folder)).sort();
  expect(names("fresh")).toEqual([
    "calls.jsonl",
    "evidence.json",
    "new.yaml",
    "old.json",
    "openapi",
    "operations.json",
    "package.json",
    "petstore.yaml",
    "session.har",
    "src",
  ]);
  expect(names("fresh/src")).toEqual(["api", "app.ts"]);
  expect(names("synced/src")).toEqual(["app.ts", "generated", "highlevel", "webhooks"]);
  expect(names("synced/src/webhooks")).toEqual(["events.gen.ts", "samples.gen.ts"]);
  expect(existsSync(join(home, "synced/packages"))).toBe(false);
});

describe.each(NODES)("$title", ({ title, path }) => {
  test.skipIf(!path)(
    "a configuration generates from the distilled documents what the packages have, byte for byte",
    async () => {
      const cwd = join(home, `own-${title.replaceAll(/\W+/g, "-")}`);
      for (const api of ["v2", "v3"])
        cpSync(join(ROOT, "openapi", api), join(cwd, "openapi", api), { recursive: true });
      writeFileSync(join(cwd, "package.json"), '{ "type": "commonjs" }');
      const config = {
        targets: { client: "a", emulator: "b", webhooks: "c", operations: "operations.md" },
        imports: "relative",
      };
      writeFileSync(
        join(cwd, "ghl-codegen.config.ts"),
        `import { type Config, defineConfig } from "@ghl-edge/codegen";\nconst config: Config = ${JSON.stringify(config)};\nexport default defineConfig(config);\n`,
      );
      const own = userEnvironment(path ?? "", project);
      expect(await run(bin, ["generate", "--quiet"], { cwd, env: own })).toMatchObject({ code: 0, stderr: "" });
      const pairs = [
        ["a", "client"],
        ["b", "emulator"],
        ["c", "webhooks"],
      ] as const;
      for (const [target, name] of pairs) {
        const committed = join(ROOT, "packages", name, "src/generated");
        const files = readdirSync(committed, { recursive: true, withFileTypes: true }).filter((entry) =>
          entry.isFile(),
        );
        const paths = files.map((entry) => join(entry.parentPath, entry.name).slice(committed.length + 1)).sort();
        const made = readdirSync(join(cwd, target), { recursive: true, encoding: "utf8" });
        expect(made.filter((file) => paths.includes(file)).sort()).toEqual(paths);
        for (const file of paths) {
          expect(
            readFileSync(join(cwd, target, file)).equals(readFileSync(join(committed, file))),
            `${name} ${file}`,
          ).toBe(true);
        }
      }
      expect(readFileSync(join(cwd, "operations.md"), "utf8")).toBe(
        readFileSync(join(ROOT, "docs/operations.md"), "utf8"),
      );
      expect(readdirSync(cwd).sort()).toEqual([
        "a",
        "b",
        "c",
        "ghl-codegen.config.ts",
        "openapi",
        "operations.md",
        "package.json",
      ]);
    },
  );
});
