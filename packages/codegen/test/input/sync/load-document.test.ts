import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadDocument } from "../../../src/input/sync/load-document.ts";
import { temporaryFolder, writeFiles } from "../../support/source.ts";

const fixture = (name: string): string => new URL(`../../fixtures/load/${name}`, import.meta.url).pathname;

test("anybody's YAML in several files becomes one distilled document", async () => {
  const expected = await readFile(fixture("pets.distilled.json"), "utf8");
  expect(await loadDocument(fixture("pets.openapi.yaml"))).toEqual(JSON.parse(expected));
});

const HEAD = { openapi: "3.1.0", info: { title: "t", version: "1" } };
const answering = (schema: object) => ({
  get: { responses: { 200: { content: { "application/json": { schema } } } } },
});

test.each<[string, string, unknown, object]>([
  ["unreadable", "a.json", undefined, { code: "ERR_GHL_CODEGEN_UNREADABLE" }],
  ["broken YAML", "a.yaml", "a: [", { code: "ERR_GHL_CODEGEN_NOT_PARSABLE" }],
  [
    "YAML that contains itself",
    "a.yaml",
    "openapi: 3.1.0\npaths: &a\n  b: *a\n",
    { code: "ERR_GHL_CODEGEN_NOT_PARSABLE" },
  ],
  ["Swagger 2", "a.json", { swagger: "2.0", paths: {} }, { code: "ERR_GHL_CODEGEN_NOT_OPENAPI", pointer: "#/openapi" }],
  [
    "unresolved schema",
    "a.json",
    { ...HEAD, paths: { "/x": answering({ $ref: "#/components/schemas/No" }) } },
    {
      code: "ERR_GHL_CODEGEN_UNRESOLVED_REF",
      pointer: "#/paths/~1x/get/responses/200/content/application~1json/schema",
    },
  ],
  [
    "unresolved file",
    "a.json",
    { ...HEAD, paths: { "/x": answering({ $ref: "no.json#/A" }) } },
    {
      code: "ERR_GHL_CODEGEN_UNRESOLVED_REF",
      pointer: "#/paths/~1x/get/responses/200/content/application~1json/schema",
    },
  ],
  [
    "unresolved parameter",
    "a.json",
    { ...HEAD, paths: { "/x": { get: { parameters: [{ $ref: "#/components/parameters/No" }] } } } },
    { code: "ERR_GHL_CODEGEN_UNRESOLVED_REF", pointer: "#/paths/~1x/get/parameters/0" },
  ],
  [
    "parameter that leads to itself",
    "a.json",
    {
      ...HEAD,
      paths: { "/x": { get: { parameters: [{ $ref: "#/components/parameters/A" }] } } },
      components: { parameters: { A: { $ref: "#/components/parameters/A" } } },
    },
    { code: "ERR_GHL_CODEGEN_UNRESOLVED_REF", pointer: "#/paths/~1x/get/parameters/0" },
  ],
  [
    "parameter of another file",
    "a.json",
    { ...HEAD, paths: { "/x": { get: { parameters: [{ $ref: "b.json#/A" }] } } } },
    { code: "ERR_GHL_CODEGEN_UNRESOLVED_REF", pointer: "#/paths/~1x/get/parameters/0" },
  ],
])("%s is an error", async (_, name, content, expected) => {
  const folder = temporaryFolder();
  if (content !== undefined) await writeFiles(folder, { [name]: content as string });
  await expect(loadDocument(join(folder, name))).rejects.toMatchObject(expected);
});
