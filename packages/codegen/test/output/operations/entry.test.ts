import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, onTestFinished, test } from "vitest";
import { workspaceModules } from "../../../src/output/generate/workspace.ts";
import { importText, operationEntries } from "../../../src/output/operations/entry.ts";
import { routeKey } from "../../../src/output/operations/sdk-name.ts";
import { REPOSITORY } from "../../support/repository.ts";

const entries = operationEntries(workspaceModules(REPOSITORY, "openapi"));
const CLIENT = join(REPOSITORY, "packages/client/src");

test.each(["v2", "v3"])("the call of every operation of %s compiles as it is printed", (api) => {
  const folder = mkdtempSync(join(import.meta.dirname, "calls-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const own = entries.filter((entry) => entry.api === api);
  const imports = new Set(
    own.map((entry) => importText(entry).replace("@ghl-edge/client", `${CLIENT}/generated`).replace('";', '.gen.ts";')),
  );
  const calls = own.map(({ call }, index) => `export const call${index} = () => ${call};`);
  const file = join(folder, "calls.ts");
  writeFileSync(
    file,
    `import { createClient } from "${CLIENT}/index.ts";\n${[...imports].join("\n")}\nconst ghl = createClient({ auth: "…" });\n${calls.join("\n")}\n`,
  );
  const program = ts.createProgram([file], {
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
    types: [],
  });
  const source = program.getSourceFile(file)!;
  const problems = program.getSemanticDiagnostics(source).map(({ messageText, start }) => {
    const line = source.text.split("\n")[source.getLineAndCharacterOfPosition(start ?? 0).line];
    return `${line}\n${ts.flattenDiagnosticMessageText(messageText, "\n").split("\n")[0]}`;
  });
  expect(problems.join("\n\n")).toBe("");
  expect(own.length).toBeGreaterThan(500);
});

const SDK = join(REPOSITORY, "bench/node_modules/@gohighlevel/api-client/dist/lib/code");

test.skipIf(!existsSync(SDK))(
  "the official SDK has every name under its route, and no operation that has none here",
  () => {
    const routes = new Map<string, Set<string>>();
    for (const module of readdirSync(SDK)) {
      const text = readFileSync(join(SDK, module, `${module}.js`), "utf8");
      const owner = module.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
      for (const part of text.split(/^ {4}async (?=\w+\()/m).slice(1)) {
        const [, name] = /^(\w+)/.exec(part) ?? [];
        const [, method, path] = /method: '(\w+)',\s+url: \(0, request_utils_1\.buildUrl\)\('([^']*)'/.exec(part) ?? [];
        if (method === undefined || path === undefined) continue;
        const key = routeKey(method, path);
        routes.set(key, (routes.get(key) ?? new Set()).add(`${owner}.${name}`));
      }
    }
    expect(routes.size).toBeGreaterThan(550);
    const wrong = entries.filter(({ method, path, sdk }) => {
      const official = routes.get(routeKey(method, path));
      return sdk === undefined ? official !== undefined : official !== undefined && !official.has(sdk);
    });
    expect(wrong.map(({ api, module, name, sdk }) => `${api}.${module}.${name} ${sdk}`)).toEqual([]);
  },
);

test("most operations have a name in the official SDK, and a twin has the same one", () => {
  expect(entries.filter(({ sdk }) => sdk !== undefined).length).toBeGreaterThan(1_100);
  expect(entries.find(({ api, name }) => api === "v3" && name === "getContact")).toMatchObject({
    sdk: "contacts.getContact",
    call: 'ghl.location("…").use(Contacts).getContact({ contactId: "…" })',
  });
  expect(entries.find(({ api, name }) => api === "v3" && name === "getPipelines")?.call).toBe(
    'ghl.location("…").use(Opportunities).getPipelines()',
  );
});
