import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { type Json, objectAt } from "../src/json/json.ts";
import { ROOT } from "../src/json/pointer.ts";
import { walkSchema } from "../src/json/walk.ts";
import { clientTexts } from "../src/output/emit/client/client-texts.ts";
import { MARK } from "../src/output/emit/file.ts";
import { emitRoutes } from "../src/output/emit/routes.ts";
import { sharedWith } from "../src/output/emit/shared.ts";
import { loadFields } from "../src/output/fields/load-fields.ts";
import { workspaceModules } from "../src/output/generate/workspace.ts";

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

describe("the types of every module", async () => {
  const fields = await loadFields(join(REPOSITORY, "openapi/fields.yaml"));
  // of a module, before what its generations have in common is written once
  const printed = modules.map((module) => clientTexts(module, fields));

  test("the types of every module let a request's optional members be undefined too", () => {
    let optional = 0;
    for (const { module, types } of printed) {
      for (const key of module.sent) {
        const name = module.typeNames.get(key) ?? "";
        const text = types.get(name) ?? "";
        for (const line of /^export interface/.test(text) ? (text.match(/^ {2}\S+\?: .*$/gm) ?? []) : []) {
          optional++;
          expect(line, `${module.name} ${name}`).toMatch(/(?:\bunknown|\| undefined);$/);
        }
      }
    }
    expect(optional).toBeGreaterThan(2000);
  });

  test("the types of every module mark everything that its document says is deprecated", () => {
    for (const { module, types, operations, methods } of printed) {
      const text = [
        ...types.values(),
        ...operations.values(),
        ...methods.map((one) => one.signature + one.params),
      ].join();
      let marks = module.operations.filter(({ deprecated }) => deprecated).length;
      for (const schema of Object.values(module.schemas))
        walkSchema(schema, ROOT, ({ properties, deprecated }, position) => {
          if (position === ROOT && deprecated === true) marks++;
          for (const property of Object.values(objectAt(properties)))
            if (objectAt(property).deprecated === true) marks++;
        });
      // of a parameter in the types of methods and in those of the raw paths, save where the tenant stands for it
      const parameters = module.operations.flatMap((operation) => operation.parameters);
      const marked = parameters.filter(({ deprecated, schema }) => deprecated || objectAt(schema as Json).deprecated);
      const written = text.match(/\* @deprecated/g)?.length ?? 0;
      expect(written, module.name).toBeGreaterThanOrEqual(marks + marked.length);
      expect(written, module.name).toBeLessThanOrEqual(marks + 2 * marked.length);
    }
  });

  test("the types of every module link each operation to its page of the documentation of its version", () => {
    const signature = (api: string, name: string, method: string) =>
      printed
        .find(({ module }) => module.api === api && module.name === name)
        ?.methods.find(({ paramsName }) => paramsName === `${method}Params`)?.signature;
    const docs = "https://marketplace.gohighlevel.com/docs";
    // pages that public references name
    expect(signature("v3", "calendars", "GetSlots")).toContain(`${docs}/ghl/calendars/get-slots `);
    expect(signature("v2", "calendars", "GetSlots")).toContain(`${docs}/2021-04-15/ghl/calendars/get-slots `);
    expect(signature("v2", "contacts", "UpsertContact")).toContain(`${docs}/2021-07-28/ghl/contacts/upsert-contact `);
    for (const { module, methods } of printed)
      for (const { signature: text } of methods) expect(text, module.name).toMatch(/docs(?:\/\d{4}-\d\d-\d\d)?\/ghl\//);
  });

  test("the types of every module are written once where both generations agree", () => {
    const twins = printed.flatMap((own) => {
      const twin = printed.find(({ module }) => module.api === "v3" && module.name === own.module.name);
      return own.module.api === "v2" && twin !== undefined ? [{ own, twin }] : [];
    });
    expect(twins).toHaveLength(41);
    const declared = twins.flatMap(({ own, twin }) => {
      const file = readFileSync(join(CLIENT, "v2", `${own.module.name}.schema.gen.d.ts`), "utf8");
      const shared = sharedWith(own, twin, "../v3");
      return [...shared.types].filter((name) => new RegExp(`^export (?:interface|type) ${name}\\b`, "m").test(file));
    });
    expect(declared).toEqual([]);
  });
});

/** The client's reader of the table, by path: the packages do not depend on each other. */
interface RouteData {
  unpackRoutes(groups: string, paths: string): object[];
}

describe("the route table", async () => {
  const { unpackRoutes } = (await import(join(CLIENT, "../routes/route-data.ts"))) as RouteData;
  const text = emitRoutes(modules)[0]?.text ?? "";
  const data = /routeGroups: string = `(.*?)`;\nexport const routePaths: string = `(.*?)`;/s.exec(text);
  const routes = unpackRoutes(data?.[1] ?? "", data?.[2] ?? "");

  test("the route table unpacks to every operation of the documents", () => {
    const expected = modules.flatMap(({ api, name: module, operations }) =>
      operations.map(({ id, name, method, path, version, tokens, scopes, deprecated }) => {
        return { api, module, operationId: id, name, method, path, version, tokens, scopes, deprecated };
      }),
    );
    const key = (route: object) => JSON.stringify(Object.entries(route).sort());
    expect(routes.map(key).sort()).toEqual(expected.map(key).sort());
  });

  test("the route table is small enough to be loaded on every cold start", () => {
    expect(text.length).toBeLessThanOrEqual(60_000);
    expect(gzipSync(text).length).toBeLessThanOrEqual(15_000);
  });
});
