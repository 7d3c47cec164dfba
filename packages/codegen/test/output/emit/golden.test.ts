import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { ClientImports } from "../../../src/output/emit/client/client-file.ts";
import { clientTexts } from "../../../src/output/emit/client/client-texts.ts";
import { emitClientFiles, emitEmulatorFiles } from "../../../src/output/emit/module-files.ts";
import { NO_FIELD_TEXTS } from "../../../src/output/ir/field-texts.ts";
import { buildModule } from "../../../src/output/ir/module.ts";

const FIXTURES = join(import.meta.dirname, "../../fixtures/emit");
const GOLDEN = join(import.meta.dirname, "../../__snapshots__/emit");
const CLIENT = join(import.meta.dirname, "../../../../client/src");
const imports: ClientImports = { specifier: (file) => `#client/${file}` };
const cases = readdirSync(FIXTURES).map((file) => file.slice(0, -".yaml".length));

describe.each(cases)("%s", (name) => {
  const document = parse(readFileSync(join(FIXTURES, `${name}.yaml`), "utf8"));
  const module = buildModule(document, { name, api: name === "plain" ? "" : "v3", file: `${name}.yaml` });

  test.each([
    ...emitClientFiles(clientTexts(module, NO_FIELD_TEXTS), "", { imports }),
    ...emitEmulatorFiles(module, "."),
  ])("the generated file equals its snapshot: $path", async ({ path, text }) => {
    await expect(text).toMatchFileSnapshot(join(GOLDEN, path));
  });
});

test("every golden file compiles, strictly and with its declarations checked", () => {
  const rootNames = cases.map((name) => join(GOLDEN, `${name}.gen.ts`));
  const program = ts.createProgram(rootNames, {
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    noUnusedLocals: true,
    noUnusedParameters: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    isolatedDeclarations: true,
    declaration: true,
    verbatimModuleSyntax: true,
    allowImportingTsExtensions: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts", "lib.esnext.disposable.d.ts"],
    types: [],
    paths: { "#client/*": [`${CLIENT}/*.ts`] },
  });
  const problems = ts
    .getPreEmitDiagnostics(program)
    .filter(({ file }) => file === undefined || !file.fileName.startsWith(CLIENT));
  expect(
    ts.formatDiagnostics(problems, {
      getCanonicalFileName: (name) => name,
      getCurrentDirectory: () => GOLDEN,
      getNewLine: () => "\n",
    }),
  ).toBe("");
}, 60_000);

test("no golden file says any, never or Record<string, never>", () => {
  for (const file of readdirSync(GOLDEN).filter((name) => name.endsWith(".ts"))) {
    const code = readFileSync(join(GOLDEN, file), "utf8").replace(/\/\*.*?\*\/|\/\/.*|"(?:[^"\\]|\\.)*"/gs, "");
    expect(code, file).not.toMatch(/\b(any|never|Record)\b/);
  }
});
