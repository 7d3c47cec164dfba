import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { MARK } from "../src/emit/file.ts";
import { emitRoutes } from "../src/emit/routes.ts";
import { workspaceModules } from "../src/generate/workspace.ts";
import { nameTypes } from "../src/ir/type-names/named-module.ts";
import { type Json, objectAt } from "../src/json.ts";
import { ROOT } from "../src/pointer.ts";
import { walkSchema } from "../src/walk.ts";

/** The files that are committed: what `generate` makes of HighLevel's documents. */
const REPOSITORY = join(import.meta.dirname, "../../..");
const CLIENT = join(REPOSITORY, "packages/client/src/generated");
const modules = workspaceModules(REPOSITORY, "openapi");
const files = readdirSync(CLIENT, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));

test("every module of both generations has its files", () => {
  expect(modules).toHaveLength(83);
  expect(files).toHaveLength(83 * 2 + 1);
});

test("every file carries the mark, and none says any, never or Record", () => {
  for (const file of files) {
    const text = readFileSync(join(CLIENT, file), "utf8");
    expect(text.startsWith(`// ${MARK} from openapi/`), file).toBe(true);
    if (file === "routes.gen.ts") continue;
    const code = text.replace(/\/\*.*?\*\/|\/\/.*|"(?:[^"\\]|\\.)*"/gs, "");
    expect(/\b(any|never|Record)\b/.exec(code)?.[0], file).toBeUndefined();
  }
});

test("whatever a request may leave out may be undefined too", () => {
  let optional = 0;
  for (const module of modules.map(nameTypes)) {
    const text = readFileSync(join(CLIENT, module.api, `${module.name}.schema.gen.d.ts`), "utf8");
    for (const key of module.sent) {
      const name = module.typeNames.get(key);
      const [, body = ""] = new RegExp(`^export interface ${name} \\{\n(.*?)^\\}`, "ms").exec(text) ?? [];
      for (const line of body.match(/^ {2}\S+\?: .*$/gm) ?? []) {
        optional++;
        expect(line, `${module.name} ${name}`).toMatch(/(?:\bunknown|\| undefined);$/);
      }
    }
  }
  expect(optional).toBeGreaterThan(2000);
});

test("every deprecation in a document is in the generated types", () => {
  for (const module of modules.map(nameTypes)) {
    const text = ["gen.ts", "schema.gen.d.ts"]
      .map((suffix) => readFileSync(join(CLIENT, module.api, `${module.name}.${suffix}`), "utf8"))
      .join("");
    let marks = module.operations.filter(({ deprecated }) => deprecated).length;
    for (const schema of Object.values(module.schemas))
      walkSchema(schema, ROOT, ({ properties, deprecated }, place) => {
        if (place === ROOT && deprecated === true) marks++;
        for (const property of Object.values(objectAt(properties))) if (objectAt(property).deprecated === true) marks++;
      });
    // of a parameter in the types of methods and in those of the raw paths, save where the tenant stands for it
    const parameters = module.operations.flatMap((operation) => operation.parameters);
    const marked = parameters.filter(({ deprecated, schema }) => deprecated || objectAt(schema as Json).deprecated);
    const written = text.match(/\* @deprecated/g)?.length ?? 0;
    expect(written, module.name).toBeGreaterThanOrEqual(marks + marked.length);
    expect(written, module.name).toBeLessThanOrEqual(marks + 2 * marked.length);
  }
});

/** The client's reader of the table, by path: the packages do not depend on each other. */
interface RouteData {
  unpackRoutes(groups: string, paths: string): object[];
}

describe("the route table", async () => {
  const { unpackRoutes } = (await import(join(CLIENT, "../route-data.ts"))) as RouteData;
  const text = emitRoutes(modules)[0]?.text ?? "";
  const data = /routeGroups: string = `(.*?)`;\nexport const routePaths: string = `(.*?)`;/s.exec(text);
  const routes = unpackRoutes(data?.[1] ?? "", data?.[2] ?? "");

  test("unpacks to every operation of the documents", () => {
    const expected = modules.flatMap(({ api, name: module, operations }) =>
      operations.map(({ id, name, method, path, version, tokens, scopes, deprecated }) => {
        return { api, module, operationId: id, name, method, path, version, tokens, scopes, deprecated };
      }),
    );
    const key = (route: object) => JSON.stringify(Object.entries(route).sort());
    expect(routes.map(key).sort()).toEqual(expected.map(key).sort());
  });

  test("is small enough to be loaded on every cold start", () => {
    expect(text.length).toBeLessThanOrEqual(60_000);
    expect(gzipSync(text).length).toBeLessThanOrEqual(15_000);
  });
});
