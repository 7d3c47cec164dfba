import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { CLIENT, FIXTURES, generated } from "../../support/other-api.ts";
import { temporaryFolder } from "../../support/source.ts";

/** Documents that are not HighLevel's, made by us to be awkward: one clause of OpenAPI, or one mistake people make, a line. */
const GOLDEN = join(import.meta.dirname, "../../__snapshots__/other-api");
const names = readdirSync(FIXTURES).map((file) => file.slice(0, -".yaml".length));

describe.each(names)("%s", (name) => {
  test("the generated files equal their snapshots", async () => {
    for (const { path, text } of await generated(name, { specifier: (file) => `#client/${file}` })) {
      await expect(text).toMatchFileSnapshot(join(GOLDEN, path));
    }
  });
});

function problemsOf(rootNames: readonly string[]): string {
  const program = ts.createProgram(rootNames, {
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
  });
  const problems = ts
    .getPreEmitDiagnostics(program)
    .filter(({ file }) => file === undefined || !file.fileName.startsWith(CLIENT));
  return ts.formatDiagnostics(problems, {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => GOLDEN,
    getNewLine: () => "\n",
  });
}

/** Code that uses the modules: lines that must compile, and lines that must not. */
const USE = `
import type { Bodies } from "${GOLDEN}/bodies.gen.ts";
import type { Parameters } from "${GOLDEN}/parameters.gen.ts";
import type { Results } from "${GOLDEN}/results.gen.ts";
import type { components, Schemas } from "${GOLDEN}/schemas.gen.ts";
import type { components as Recursion, Recursion as RecursionApi } from "${GOLDEN}/recursion.gen.ts";
import type { components as ObjectSchemas, Objects } from "${GOLDEN}/objects.gen.ts";
import type { webhooks } from "${GOLDEN}/hooks.gen.ts";
declare const [bodies, parameters, results, schemas]: [Bodies, Parameters, Results, Schemas];
declare const [recursion, objects]: [RecursionApi, Objects];
export async function use() {
  await bodies.sendBytes({ body: new Uint8Array(1) });
  // @ts-expect-error bytes are no object
  await bodies.sendBytes({ body: { a: 1 } });
  await parameters.places({ id: "1", "X-Request-Id": "r", session: "s", queryBody: "q", body: [] });
  // @ts-expect-error the header is required
  await parameters.places({ id: "1", session: "s", body: [] });
  for await (const { data } of await results.getEvents()) data.trim();
  const either = await results.getEither();
  const size: number | undefined = either instanceof Blob ? either.size : undefined;
  const type: string | null = (await results.headThing()).get("content-type");
  const [pet] = await schemas.listPets();
  // @ts-expect-error may be null
  pet?.all.x;
  const merged: string | undefined = pet?.merging?.a;
  const unreached: components["schemas"]["Unreached"] = { a: { id: "1" } };
  const hook: webhooks["newPet"]["post"]["requestBody"]["content"]["application/json"] = { id: "1" };
  const nested: Recursion["schemas"]["Nested"] = [[], [[]]];
  // @ts-expect-error a list of lists
  const notNested: Recursion["schemas"]["Nested"] = [["a"]];
  const expression: Recursion["schemas"]["Expression"] = ["a", ["b", ["c"]]];
  const pair: Recursion["schemas"]["Pair"] = ["a", ["b", null]];
  // @ts-expect-error the second is a pair
  const notPair: Recursion["schemas"]["Pair"] = ["a", ["b", 1]];
  const labelled: Recursion["schemas"]["Labelled"] = [null, [null]];
  await recursion.putValue({ body: { a: [1, { b: null }] } });
  // @ts-expect-error no JSON
  await recursion.putValue({ body: { a: [() => 1] } });
  const first: Recursion["schemas"]["Nested"] | undefined = (await recursion.getNested())[0];
  const user = await objects.createUser({ body: { name: "a", password: "b" } });
  // @ts-expect-error the name is required
  await objects.createUser({ body: { password: "b" } });
  await objects.putUser({ body: { name: "a" } });
  // @ts-expect-error the name is required
  await objects.putUser({ body: { id: 1 } });
  const ids: string[] = (await objects.listUsers()).map(({ id }) => id);
  const counted: ObjectSchemas["schemas"]["Counted"] = { name: "a", active: true, visits: 1 };
  const patterned: ObjectSchemas["schemas"]["Patterned"] = { name: "a", "x-visits": 1 };
  // @ts-expect-error the name is a text
  const notCounted: ObjectSchemas["schemas"]["Counted"] = { name: 1 };
  const open: ObjectSchemas["schemas"]["Open"] = { name: "a", others: [1] };
  const all = [nested, notNested, expression, pair, notPair, labelled, first, user, ids, counted, patterned, notCounted];
  return [size, type, merged, unreached, hook, open, all];
}
`;

test("every golden file compiles, strictly and with its declarations checked, and so does what one does with it", () => {
  const use = join(temporaryFolder(), "use.ts");
  writeFileSync(use, USE);
  expect(problemsOf([...names.map((name) => join(GOLDEN, `${name}.gen.ts`)), use])).toBe("");
}, 60_000);

test("no golden file says any, never or Record<string, never>", () => {
  for (const file of readdirSync(GOLDEN).filter((name) => name.endsWith(".ts"))) {
    const code = readFileSync(join(GOLDEN, file), "utf8").replace(/\/\*.*?\*\/|\/\/.*|"(?:[^"\\]|\\.)*"/gs, "");
    expect(code, file).not.toMatch(/\b(any|never|Record)\b/);
  }
});
