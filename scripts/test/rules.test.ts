import { describe, expect, it } from "vitest";
import { checkFiles } from "../rules.ts";
import { parse } from "../source-files.ts";

const findingsOf = (path: string, text: string): string[] =>
  checkFiles([parse(path, text)]).map(({ rule, line }) => `${rule}:${line}`);

/** [what, path, text, findings] — each rule with something it must refuse, and its nearest lawful neighbour. */
const cases: [string, string, string, string[]][] = [
  ["sibling", "packages/client/src/a.ts", 'import { x } from "@ghl-edge/oauth";', ["R1:1", "R5:1"]],
  ["core", "packages/client/src/a.ts", 'import { x } from "@ghl-edge/core";', []],
  ["core's sibling", "packages/core/src/a.ts", 'import { x } from "@ghl-edge/oauth";', ["R1:1", "R5:1"]],
  ["own entry", "packages/emulator/src/a.ts", 'import { x } from "@ghl-edge/client/routes";', []],
  [
    "reach into src",
    "packages/gateway/src/directory/a.ts",
    'import { x } from "@ghl-edge/client/src/core.ts";',
    ["R2:1"],
  ],
  ["leave the unit", "packages/client/src/a.ts", 'import { x } from "../../../packages/gateway/src/app.ts";', ["R3:1"]],
  ["stay inside", "packages/client/src/a.ts", 'import { x } from "./core/b.ts";', []],
  ["generated value import", "packages/client/src/generated/v3/a.gen.ts", 'import { x } from "../../b.ts";', ["R4:1"]],
  ["generated feature", "packages/client/src/generated/v3/a.gen.ts", 'import { x } from "../../form.ts";', []],
  ["feature elsewhere", "packages/emulator/src/generated/a.gen.ts", 'import { x } from "../../form.ts";', ["R4:1"]],
  ["generated type import", "packages/client/src/generated/v3/a.gen.ts", 'import type { X } from "../../b.ts";', []],
  ["node in a library", "packages/webhooks/src/a.ts", 'import { createHash } from "node:crypto";', ["R5:1"]],
  ["node types in a library", "packages/webhooks/src/a.ts", 'import type { Server } from "node:http";', ["R5:1"]],
  ["node entry", "packages/oauth/src/node/files.ts", 'import { open } from "node:fs/promises";', []],
  ["allowed dependency", "packages/client/src/raw.ts", 'import createClient from "openapi-fetch";', []],
  ["that dependency elsewhere", "packages/webhooks/src/raw.ts", 'import createClient from "openapi-fetch";', ["R5:1"]],
  [
    "emit sees input",
    "packages/codegen/src/output/emit/a.ts",
    'import { load } from "../../input/load/b.ts";',
    ["R6:1"],
  ],
  [
    "emit sees generate",
    "packages/codegen/src/output/emit/a.ts",
    'import { run } from "../generate/run.ts";',
    ["R6:1"],
  ],
  ["emit sees ir", "packages/codegen/src/output/emit/a.ts", 'import type { Module } from "../ir/module.ts";', []],
  ["ir sees emit", "packages/codegen/src/output/ir/a.ts", 'import { print } from "../emit/file.ts";', ["R6:1"]],
  [
    "generate sees input",
    "packages/codegen/src/output/generate/a.ts",
    'import { a } from "../../input/load/b.ts";',
    [],
  ],
  ["input sees output", "packages/codegen/src/input/sync/a.ts", 'import { a } from "../../output/ir/a.ts";', ["R6:1"]],
  ["input sees commands", "packages/codegen/src/input/sync/a.ts", 'import { a } from "../../commands/a.ts";', ["R6:1"]],
  ["output sees scopes", "packages/codegen/src/output/ir/a.ts", 'import { a } from "../../scopes/a.ts";', ["R6:1"]],
  ["compare sees output", "packages/codegen/src/compare/types/a.ts", 'import { a } from "../../output/ir/a.ts";', []],
  ["json sees input", "packages/codegen/src/json/a.ts", 'import { a } from "../input/load/a.ts";', ["R6:1"]],
  ["load sees repair", "packages/codegen/src/input/load/a.ts", 'import { a } from "../repair/repair.ts";', ["R6:1"]],
  ["repair sees load", "packages/codegen/src/input/repair/a.ts", 'import { a } from "../load/bundle.ts";', []],
  ["repair sees errors", "packages/codegen/src/input/repair/a.ts", 'import { E } from "../../errors.ts";', []],
  [
    "evidence sees distil",
    "packages/codegen/src/input/evidence/repair/a.ts",
    'import { a } from "../../distil/a.ts";',
    ["R6:1"],
  ],
  ["cli imported", "packages/codegen/src/index.ts", 'export { main } from "./cli.ts";', ["R6:1"]],
  ["object knows hono", "packages/gateway/src/objects/x/a.ts", 'import { Hono } from "hono";', ["R7:1"]],
  ["object knows a route", "packages/gateway/src/objects/x/a.ts", 'import { r } from "../../http/api.ts";', ["R7:1"]],
  [
    "domain knows a type of platform",
    "packages/gateway/src/domain/a.ts",
    'import type { C } from "../platform/config.ts";',
    ["R7:1"],
  ],
  [
    "domain knows the runtime",
    "packages/gateway/src/domain/a.ts",
    'import { env } from "cloudflare:workers";',
    ["R7:1"],
  ],
  [
    "route knows a table",
    "packages/gateway/src/http/a.ts",
    'import type { D } from "../directory/directory.ts";',
    ["R7:1"],
  ],
  ["route knows an object", "packages/gateway/src/http/x/a.ts", 'import { o } from "../../objects/x/a.ts";', ["R7:1"]],
  ["route knows the isolate", "packages/gateway/src/http/a.ts", 'import type { I } from "../isolate.ts";', ["R7:1"]],
  ["route knows a service", "packages/gateway/src/http/a.ts", 'import { s } from "../services/a.ts";', []],
  [
    "object knows the Worker",
    "packages/gateway/src/objects/x/a.ts",
    'import { isolate } from "../../worker.ts";',
    ["R7:1"],
  ],
  ["binding read in a route", "packages/gateway/src/http/a.ts", "const x = c.env.TOKEN_GRANT;", ["R7:1"]],
  [
    "binding read in a service",
    "packages/gateway/src/services/a.ts",
    "const x = (env: Env) => env.DIRECTORY;",
    ["R7:1"],
  ],
  ["file in no layer", "packages/gateway/src/helpers.ts", "export {};", ["R7:1"]],
  ["index with code", "packages/client/src/index.ts", "export function f() {}", ["R8:1"]],
  ["index with re-exports", "packages/client/src/index.ts", 'export { f, type T } from "./f.ts";', []],
  ["state of a program", "bench/a.ts", "let n = 0;\nexport const next = () => n++;", ["R8:1"]],
  ["module state", "packages/client/src/a.ts", "const cache = new Map();", ["R8:1"]],
  ["typed module state", "packages/client/src/a.ts", "const cache: Map<string, string> = new Map();", ["R8:1"]],
  [
    "module state with its reason",
    "packages/client/src/a.ts",
    "// R8: holds nothing that its key\n// does not say.\nconst memo = new WeakMap<object, string>();",
    [],
  ],
  [
    "module state below another comment",
    "packages/client/src/a.ts",
    "// R8:\n\n// a cache\nconst m = new WeakMap();",
    ["R8:4"],
  ],
  [
    "state of a gateway's module, with a reason",
    "packages/gateway/src/platform/a.ts",
    "// R8: a cache.\nconst memo = new WeakMap<object, string>();",
    ["R8:2"],
  ],
  [
    "state of the Worker, with its reason",
    "packages/gateway/src/worker.ts",
    "// R8: workerd constructs the objects.\nexport const isolate = createIsolate();",
    [],
  ],
  ["constant table", "packages/client/src/a.ts", 'const table = new Map([["a", 1]]);', []],
  ["clock called", "packages/oauth/src/a.ts", "const now = Date.now();", ["R9:1"]],
  ["clock as default", "packages/oauth/src/a.ts", "const { now = Date.now } = options;", []],
  [
    "example in a docstring",
    "packages/client/src/a.ts",
    '/** import { x } from "node:fs"; */\nexport const a = 1;',
    [],
  ],
  ["code as data", "packages/codegen/src/output/emit/a.ts", 'const text = `import { x } from "../cli.ts";`;', []],
  [
    "insert without columns",
    "packages/gateway/src/directory/a.ts",
    'sql.exec("INSERT OR IGNORE INTO t VALUES (?)", 1);',
    ["R10:1"],
  ],
  [
    "insert without columns over lines",
    "packages/oauth/src/a.ts",
    "const q = `\nINSERT INTO t\n  SELECT 1`;",
    ["R10:2"],
  ],
  [
    "insert with columns",
    "packages/gateway/src/directory/a.ts",
    "const q = `INSERT INTO t (a, b)\n  VALUES (?, ?)`;",
    [],
  ],
  [
    "insert with columns below",
    "packages/gateway/src/directory/a.ts",
    "const q = `INSERT INTO t\n  (a) VALUES (?)`;",
    [],
  ],
  [
    "insert with replacement",
    "packages/gateway/src/directory/a.ts",
    'sql.exec("INSERT OR REPLACE INTO t (a) VALUES (1)");',
    ["R10:1"],
  ],
  ["too long", "packages/client/src/a.ts", "\n".repeat(501), ["SIZE:500"]],
];

describe("import rules", () => {
  it.each(cases)("the import rules find each breach: %s", (_what, path, text, expected) => {
    expect(findingsOf(path, text)).toEqual(expected);
  });

  it("the import rules read every form of import with its line", () => {
    const text = 'import "a";\nimport {\n  b,\n} from "b";\nexport type { C } from "c";\nawait import("d");';
    expect(parse("a.ts", text).imports).toEqual([
      { specifier: "a", typeOnly: false, line: 1 },
      { specifier: "b", typeOnly: false, line: 2 },
      { specifier: "c", typeOnly: true, line: 5 },
      { specifier: "d", typeOnly: false, line: 6 },
    ]);
  });
});
