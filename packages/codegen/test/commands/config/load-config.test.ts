import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadConfig } from "../../../src/commands/config/load-config.ts";
import { temporaryFolder, writeFiles } from "../../support/source.ts";

const TS = `import type { Folder } from "./types.ts";
import { client } from "./client.mjs";
const folder: Folder = client;
export default { targets: { client: folder satisfies string } };
`;
const BESIDE = { "types.ts": "export type Folder = string;", "client.mjs": 'export const client = "src/api";' };

test.each([
  ["an ES module package", { type: "module" }],
  ["a CommonJS package, as npm init makes it", { type: "commonjs" }],
  ["a package that does not say", {}],
])("a TypeScript configuration with imports of its own loads in %s, and leaves nothing behind", async (_, manifest) => {
  const root = temporaryFolder();
  await writeFiles(root, { "package.json": manifest, "ghl-codegen.config.ts": TS, ...BESIDE });
  await mkdir(join(root, "a/b"), { recursive: true });
  expect(await loadConfig(join(root, "a/b"))).toEqual({ root, config: { targets: { client: "src/api" } } });
  expect((await readdir(root)).sort()).toEqual([
    "a",
    "client.mjs",
    "ghl-codegen.config.ts",
    "package.json",
    "types.ts",
  ]);
});

test("the nearest configuration wins, in any of its endings; none is undefined; a named one must be there", async () => {
  const root = temporaryFolder();
  await writeFiles(root, {
    "ghl-codegen.config.mjs": 'export default { openapi: "outer" };',
    "app/ghl-codegen.config.js": 'export default { openapi: "inner" };',
    "app/package.json": { type: "module" },
  });
  await mkdir(join(root, "app/src"));
  expect((await loadConfig(join(root, "app/src")))?.config).toEqual({ openapi: "inner" });
  expect((await loadConfig(root))?.config).toEqual({ openapi: "outer" });
  expect((await loadConfig(join(root, "app"), "../ghl-codegen.config.mjs"))?.config).toEqual({ openapi: "outer" });
  expect(await loadConfig(temporaryFolder())).toBeUndefined();
  await expect(loadConfig(root, "nope.ts")).rejects.toMatchObject({
    code: "ERR_GHL_CODEGEN_UNREADABLE",
    file: "nope.ts",
  });
});

test.each([
  ["export const config = {};", "the default export must be an object, got nothing"],
  ["export default () => ({});", "the default export must be an object, got a function"],
  ["export default { target: {} };", 'unknown field "target"; did you mean "targets"?'],
  ['export default { targets: { clients: "a" } };', 'unknown field "targets.clients"; did you mean "client"?'],
  ["export default { targets: { client: 1 } };", "targets.client must be a path, got 1"],
  ['export default { imports: "none" };', 'imports must be "package" or "relative", got "none"'],
  ["export default { packages: {} };", "packages must be a list, got {}"],
  ["export default { packages: [{}] };", "packages[0].folder must be a path, got nothing"],
  [
    'export default { packages: [{ folder: "a", folows: "events" }] };',
    'unknown field "packages[0].folows"; did you mean "follows"?',
  ],
  [
    'export default { packages: [{ folder: "a", follows: "all" }] };',
    'packages[0].follows must be "operations" or "events", got "all"',
  ],
  [
    'export default { packages: [{ folder: "a", follows: "events", typed: 1 }] };',
    "packages[0].typed must be true or false, got 1",
  ],
  ["export default {", "cannot be loaded: "],
  ['import "./gone.mjs"; export default {};', "cannot be loaded: "],
])("%s is refused with what would be right", async (text, message) => {
  const root = temporaryFolder();
  await writeFiles(root, { "ghl-codegen.config.mjs": text });
  await expect(loadConfig(root)).rejects.toMatchObject({
    code: "ERR_GHL_CODEGEN_CONFIG",
    file: "ghl-codegen.config.mjs",
    message: expect.stringContaining(message),
  });
});
