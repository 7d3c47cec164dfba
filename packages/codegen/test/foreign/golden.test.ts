import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { CLIENT, FIXTURES, generated } from "../support/foreign.ts";

/** Documents that are not HighLevel's, made by us to be awkward: one clause of OpenAPI, or one mistake people make, a line. */
const GOLDEN = join(import.meta.dirname, "../__snapshots__/foreign");
const names = readdirSync(FIXTURES).map((file) => file.slice(0, -".yaml".length));

describe.each(names)("%s", (name) => {
  test("what is generated", async () => {
    for (const { path, text } of await generated(name, { specifier: (file) => `#client/${file}` })) {
      await expect(text).toMatchFileSnapshot(join(GOLDEN, path));
    }
  });
});

test("every golden file compiles, strictly and with its declarations checked", () => {
  const program = ts.createProgram(
    names.map((name) => join(GOLDEN, `${name}.gen.ts`)),
    {
      strict: true,
      noEmit: true,
      skipLibCheck: false,
      noUnusedLocals: true,
      noUnusedParameters: true,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      verbatimModuleSyntax: true,
      allowImportingTsExtensions: true,
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      lib: [
        "lib.es2023.d.ts",
        "lib.dom.d.ts",
        "lib.dom.iterable.d.ts",
        "lib.dom.asynciterable.d.ts",
        "lib.esnext.disposable.d.ts",
      ],
      types: [],
      paths: { "#client/*": [`${CLIENT}/*.ts`] },
    },
  );
  const problems = ts
    .getPreEmitDiagnostics(program)
    .filter(({ file }) => file === undefined || !file.fileName.startsWith(CLIENT));
  const host = {
    getCanonicalFileName: (name: string) => name,
    getCurrentDirectory: () => GOLDEN,
    getNewLine: () => "\n",
  };
  expect(ts.formatDiagnostics(problems, host)).toBe("");
}, 60_000);

test("no golden file says any, never or Record<string, never>", () => {
  for (const file of readdirSync(GOLDEN).filter((name) => name.endsWith(".ts"))) {
    const code = readFileSync(join(GOLDEN, file), "utf8").replace(/\/\*.*?\*\/|\/\/.*|"(?:[^"\\]|\\.)*"/gs, "");
    expect(code, file).not.toMatch(/\b(any|never|Record)\b/);
  }
});
