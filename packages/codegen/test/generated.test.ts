import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { MARK } from "../src/emit/file.ts";
import { emitRoutes } from "../src/emit/routes.ts";
import { workspaceModules } from "../src/generate/workspace.ts";

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
