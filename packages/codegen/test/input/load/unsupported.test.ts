import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Unsupported } from "../../../src/errors.ts";
import { loadDocument } from "../../../src/input/sync/load-document.ts";
import type { Json, JsonObject } from "../../../src/json/json.ts";
import { readTree, run, temporaryFolder, writeFiles } from "../../support/source.ts";

const ok = { 200: { description: "" } };
const head = { openapi: "3.2.0", info: { title: "t", version: "1" } };
const at = (item: Json): JsonObject => ({ ...head, paths: { "/a": item, "/left": { get: { responses: ok } } } });
const get = (operation: JsonObject): JsonObject => at({ get: { responses: ok, ...operation } });
const query = (parameter: JsonObject): JsonObject => get({ parameters: [{ name: "p", ...parameter }] });

/** Document, position, words, and what is left of the path when it may be left out. */
const CASES: readonly [string, JsonObject, string, RegExp, string[]][] = [
  ["an operation that is a list", at({ get: [] }), "#/paths/~1a/get", /must be an object, got a list/, []],
  [
    "a method in capitals",
    at({ get: { responses: ok }, Post: { responses: ok } }),
    "#/paths/~1a/Post",
    /unknown method "Post"; did you mean "post"/,
    ["get"],
  ],
  [
    "a method that does not exist",
    at({ get: { responses: ok }, purge: { responses: ok } }),
    "#/paths/~1a/purge",
    /unknown method "purge": methods are get,/,
    ["get"],
  ],
  [
    "parameters that are no list",
    get({ parameters: { name: "q", in: "query" } }),
    "#/paths/~1a/get/parameters",
    /parameters must be a list, got an object/,
    ["get"],
  ],
  [
    "a type that does not exist",
    query({ in: "query", schema: { type: "strng" } }),
    "#/paths/~1a/get/parameters/0/schema/type",
    /type must be one of array, .*, got "strng"/,
    ["get"],
  ],
  ["TRACE", at({ trace: { responses: ok } }), "#/paths/~1a/trace", /fetch refuses it/, []],
  [
    "a method of its own",
    at({ get: { responses: ok }, additionalOperations: { PURGE: { responses: ok } } }),
    "#/paths/~1a/additionalOperations/PURGE",
    /method PURGE/,
    ["get"],
  ],
  [
    "a GET with a body",
    get({ requestBody: { content: { "application/json": { schema: {} } } } }),
    "#/paths/~1a/get/requestBody",
    /GET cannot have a body/,
    ["get"],
  ],
  [
    "a GET that needs a body",
    get({ requestBody: { required: true, content: { "application/json": { schema: {} } } } }),
    "#/paths/~1a/get/requestBody",
    /GET cannot have a body/,
    [],
  ],
  [
    "a multipart body that is no form",
    at({ post: { responses: ok, requestBody: { required: true, content: { "multipart/mixed": {} } } } }),
    "#/paths/~1a/post/requestBody/content/multipart~1mixed",
    /only form-data/,
    [],
  ],
  ["the whole query string", query({ in: "querystring" }), "#/paths/~1a/get/parameters/0", /in querystring/, ["get"]],
  ["a form of Swagger 2", query({ in: "formData", required: true }), "#/paths/~1a/get/parameters/0", /in formData/, []],
  [
    "a parameter as XML",
    query({ in: "query", content: { "application/xml": { schema: {} } } }),
    "#/paths/~1a/get/parameters/0",
    /only JSON/,
    ["get"],
  ],
  [
    "a style of another parameter location",
    query({ in: "query", style: "matrix", schema: {} }),
    "#/paths/~1a/get/parameters/0",
    /style matrix does not exist for a parameter in query/,
    ["get"],
  ],
  [
    "a parameter of the path item",
    at({ parameters: [{ name: "p", in: "query", style: "label" }], get: { responses: ok } }),
    "#/paths/~1a/parameters/0",
    /style label/,
    ["get"],
  ],
  [
    "callbacks",
    get({ callbacks: { done: { "{$request.body#/url}": { post: { responses: ok } } } } }),
    "#/paths/~1a/get/callbacks/done",
    /callbacks are not generated/,
    ["get"],
  ],
  [
    "the cookie style of OpenAPI 3.2",
    query({ in: "cookie", style: "cookie" }),
    "#/paths/~1a/get/parameters/0",
    /style cookie is not supported; use form/,
    ["get"],
  ],
  [
    "a dynamic reference",
    get({ responses: { 200: { content: { "application/json": { schema: { $dynamicRef: "#node" } } } } } }),
    "#/paths/~1a/get/responses/200/content/application~1json/schema/$dynamicRef",
    /\$dynamicRef is not supported/,
    ["get"],
  ],
  [
    "a schema that is another, which is the first again",
    {
      ...get({}),
      components: { schemas: { A: { $ref: "#/components/schemas/B" }, B: { $ref: "#/components/schemas/A" } } },
    },
    "#/components/schemas/B/$ref",
    /#\/components\/schemas\/A leads to itself/,
    ["get"],
  ],
  [
    "a schema that is a union with itself",
    {
      ...get({}),
      components: { schemas: { A: { oneOf: [{ type: "string" }, { allOf: [{ $ref: "#/components/schemas/A" }] }] } } },
    },
    "#/components/schemas/A/oneOf/1/allOf/0/$ref",
    /#\/components\/schemas\/A leads to itself/,
    ["get"],
  ],
];

async function file(document: JsonObject): Promise<string> {
  const folder = temporaryFolder();
  await writeFiles(folder, { "api.json": document });
  return join(folder, "api.json");
}

describe.each(CASES)("%s", (_, document, pointer, message, left) => {
  test("an unsupported part is refused, with code, file and pointer", async () => {
    const path = await file(document);
    await expect(loadDocument(path)).rejects.toMatchObject({
      code: "ERR_GHL_CODEGEN_UNSUPPORTED",
      file: path,
      pointer,
      message: expect.stringMatching(message),
    });
  });

  test("an unsupported part may be omitted, and is named", async () => {
    const reported: Unsupported[] = [];
    const { paths } = await loadDocument(await file(document), {
      onUnsupported: (positions) => reported.push(...positions),
    });
    expect(reported).toEqual([{ pointer, message: expect.stringMatching(message) }]);
    expect(Object.keys((paths as Record<string, object>)["/a"] ?? {})).toEqual(left);
    expect(Object.keys((paths as Record<string, object>)["/left"] ?? {})).toEqual(["get"]);
  });
});

describe("generate", () => {
  const both: JsonObject = {
    ...head,
    paths: {
      "/a": { trace: { responses: ok } },
      "/b": { trace: { responses: ok } },
      "/left": { get: { responses: ok } },
    },
  };

  test("ghl-codegen generate exits with 2, names every unsupported position and writes nothing", async () => {
    const folder = temporaryFolder();
    await writeFiles(folder, { "api.json": both });
    const text = await run(folder, ["generate", "--input", "api.json", "--out", "out"]);
    expect(text).toMatchObject({ code: 2, out: "" });
    expect(text.err).toMatch(/^ERR_GHL_CODEGEN_UNSUPPORTED \S*api\.json #\/paths\/~1a\/trace\n/);
    expect(text.err).toContain("#/paths/~1b/trace");
    const json = await run(folder, ["generate", "--input", "api.json", "--out", "out", "--json"]);
    expect(JSON.parse(json.out).error.positions.map(({ pointer }: Unsupported) => pointer)).toEqual([
      "#/paths/~1a/trace",
      "#/paths/~1b/trace",
    ]);
    expect(Object.keys(await readTree(folder))).toEqual(["api.json"]);
  });

  test("--skip-unsupported writes the rest, names what it left out, and exits 0, also when nothing is new", async () => {
    const folder = temporaryFolder();
    await writeFiles(folder, { "api.json": both });
    mkdirSync(join(folder, "node_modules"));
    writeFileSync(join(folder, "node_modules/x"), "");
    const argv = ["generate", "--input", "api.json", "--out", "out", "--skip-unsupported"];
    for (const more of [[], ["--check"]]) {
      const { code, err } = await run(folder, [...argv, ...more]);
      expect(code).toBe(0);
      expect(err.match(/left out: ERR_GHL_CODEGEN_UNSUPPORTED api\.json #\/paths\/~1[ab]\/trace/g)).toHaveLength(2);
    }
    expect((await readTree(join(folder, "out")))["api.gen.ts"]).toContain("getLeft");
    expect(await run(folder, ["generate", "--skip-unsupported"])).toMatchObject({ code: 2 });
  });
});

test("a path without a slash at its beginning would become part of the host", async () => {
  const folder = temporaryFolder();
  await writeFiles(folder, { "a.json": { ...head, paths: { pets: { get: { responses: ok } } } } });
  await expect(loadDocument(join(folder, "a.json"))).rejects.toThrow(/a path must begin with "\/", got "pets"/);
});

test("a JSON object with a key twice is refused: the first of them would be lost", async () => {
  const folder = temporaryFolder();
  const file = join(folder, "a.json");
  const path = '"/a":{"get":{"responses":{"200":{"description":"{\\"/a\\":"}}}}';
  writeFileSync(file, `{"openapi":"3.0.0","info":{"title":"t","version":"1"},\n"paths":{${path},\n"\\u002fa":{}}}`);
  await expect(loadDocument(file)).rejects.toThrow(/keys of an object must be unique, got "\/a" again at line 3/);
  writeFileSync(file, `{"openapi":"3.0.0","info":{"title":"t","version":"1"},\n"paths":{${path}}}`);
  await expect(loadDocument(file)).resolves.toMatchObject({ paths: { "/a": {} } });
});

test("a version that is no text is named", async () => {
  const folder = temporaryFolder();
  await writeFiles(folder, { "a.json": { ...head, openapi: 3, paths: {} } });
  await expect(loadDocument(join(folder, "a.json"))).rejects.toThrow(/such as "3.1.0", got 3$/m);
});

test("extensions are data: what looks like a reference or an operation in them is none", async () => {
  const folder = temporaryFolder();
  const nowhere = { $ref: "#/nowhere" };
  const responses = { 200: { description: "" }, "x-r": nowhere };
  const paths = { "x-p": { get: nowhere }, "/a": { "x-i": { uri: nowhere }, get: { responses } } };
  await writeFiles(folder, { "a.json": { ...head, "x-tagGroups": [nowhere], paths } });
  const document = await loadDocument(join(folder, "a.json"));
  expect(Object.keys(document.paths as JsonObject)).toEqual(["/a"]);
});

test("a fragment in a path is not sent, and $defs are no field", async () => {
  const folder = temporaryFolder();
  const schema = {
    type: "object",
    $defs: { D: { type: "string" } },
    properties: { d: { $ref: "#/components/schemas/A/$defs/D" } },
  };
  const content = { "application/json": { schema: { $ref: "#/components/schemas/A" } } };
  const parameters = [{ name: "Action", in: "query", schema: { type: "string" } }];
  const paths = {
    "/#Action=Run": { post: { operationId: "run", parameters, requestBody: { content }, responses: ok } },
  };
  await writeFiles(folder, { "a.json": { ...head, paths, components: { schemas: { A: schema } } } });
  expect(await run(folder, ["generate", "--input", "a.json", "--out", "out"])).toMatchObject({ code: 0 });
  const files = await readTree(join(folder, "out"));
  expect(files["a.gen.ts"]).toContain('p: "/"');
  expect(files["a.schema.gen.d.ts"]).not.toContain("$defs");
});
