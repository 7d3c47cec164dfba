import { describe, expect, test } from "vitest";
import { EVIDENCE_CLASSES } from "../../../src/input/lint/evidence.ts";
import { LINT_CLASSES, lint } from "../../../src/input/lint/lint.ts";
import { parseSource } from "../../../src/input/load/documents.ts";
import { isObject, type Json, type JsonObject, objectAt } from "../../../src/json/json.ts";
import { COMMON, thingDocument } from "../../support/source.ts";

/** A document without any defect. */
function clean(): JsonObject {
  const document = thingDocument("#");
  const operation = operationOf(document);
  operation.tags = ["Things"];
  const bad = { $ref: "#/components/schemas/BadRequestDTO" };
  Object.assign(operation.responses as JsonObject, {
    400: { description: "", content: { "application/json": { schema: bad } } },
  });
  const components = document.components as JsonObject;
  Object.assign(components.schemas as JsonObject, (COMMON.components as JsonObject).schemas);
  components.securitySchemes = { bearer: { type: "http", scheme: "bearer" } };
  return document;
}

function operationOf(document: JsonObject): JsonObject {
  return ((document.paths as JsonObject)["/things/{thingId}"] as JsonObject).get as JsonObject;
}

function classesOf(...documents: JsonObject[]): string[] {
  const encoder = new TextEncoder();
  const files = documents.map(
    (document, index) => [`apps/m${index}.json`, encoder.encode(JSON.stringify(document))] as const,
  );
  return [
    ...new Set(lint(parseSource({ label: "", files: new Map(files), origin: {} })).map((finding) => finding.class)),
  ].sort();
}

const THING = "#/components/schemas/Thing";
const BAD = "#/components/schemas/BadRequestDTO";

/** A change of the clean document by the class it makes the linter find. Members are merged, `null` removes one. */
const SCHEMAS: Record<string, Json> = {
  "ref-with-siblings": { $ref: BAD, description: "x" },
  "allOf-single": { allOf: [{ $ref: BAD }] },
  "object-without-properties": { type: "object" },
  "array-without-items": { type: "array" },
  "array-of-array": { type: "array", items: { type: "array", items: { type: "string" } } },
  "schema-typeless": { description: "x" },
  "type-invalid": { type: "any" },
  nullable: { type: "string", nullable: true },
  "default-type-mismatch": { type: "string", default: 1 },
  "example-contradicts-type": { type: "number", example: "1" },
  "required-names-unknown-property": { type: "object", properties: { a: { type: "string" } }, required: ["b"] },
  "keyword-not-in-3.0:schema": { type: "string", schema: {} },
  "keyword-not-in-3.0:examples": { type: "string", examples: [] },
  "html-in-schema-description": { type: "string", description: "<b>x</b>" },
  "enum-single-value": { type: "string", enum: ["a"] },
  "enum-duplicates": { type: "string", enum: ["a", "b", "a"] },
  "enum-mixed-types": { type: "number", enum: [0, 0.5] },
  "numeric-enum-as-strings": { type: "string", enum: ["1", "2"] },
  "ref-unresolved-internal": { $ref: "#/components/schemas/No" },
};

const PARAMETERS: Record<string, JsonObject> = {
  "header-param-Authorization": { name: "authorization", in: "header", required: true, schema: { type: "string" } },
  "template-param-declared-elsewhere": { name: "thingId", in: "query", schema: { type: "string" } },
  "query-array": { name: "ids", in: "query", schema: { type: "array", items: { type: "string" } } },
  "query-numeric-as-string": { name: "limit", in: "query", schema: { type: "string" } },
  "param-snake-case": { name: "location_id", in: "query", schema: { type: "string" } },
  "param-unknown-keyword": { name: "q", in: "query", default: 1, schema: { type: "number" } },
};

const BODY = { required: true, content: { "application/json": { schema: { $ref: THING } } } };

const OPERATIONS: Record<string, JsonObject> = {
  "operationId-odd-chars": { operationId: "get thing" },
  "tags-missing": { tags: null },
  "html-in-op-description": { description: "<br/>" },
  "security-missing": { security: null },
  "scopes-empty": { security: [{ bearer: [] }] },
  "requestBody-not-required": { requestBody: { ...BODY, required: false } },
  "request-multi-content-type": {
    requestBody: { ...BODY, content: { ...BODY.content, "text/plain": { schema: { $ref: THING } } } },
  },
  "request-media-no-schema": { requestBody: { required: true, content: { "multipart/form-data": {} } } },
  "2xx-without-schema": {
    responses: { 200: { description: "" }, 400: { content: { "application/json": { schema: { $ref: THING } } } } },
  },
};

describe("one change, one class", () => {
  test("the clean document has no defect", () => {
    expect(classesOf(clean())).toEqual([]);
  });

  test.each(Object.entries(SCHEMAS))("one defect gives one class: %s", (name, schema) => {
    const document = clean();
    merge(document, { components: { schemas: { Thing: { properties: { x: schema } } } } });
    expect(classesOf(document)).toEqual([name]);
  });

  test.each(Object.entries(PARAMETERS))("one defect of a parameter gives one class: %s", (name, parameter) => {
    const document = clean();
    (operationOf(document).parameters as Json[]).push(parameter);
    expect(classesOf(document)).toEqual([name]);
  });

  test.each(Object.entries(OPERATIONS))("one defect of an operation gives one class: %s", (name, change) => {
    const document = clean();
    const operation = operationOf(document);
    for (const [key, value] of Object.entries(change)) {
      if (value === null) delete operation[key];
      else operation[key] = value;
    }
    expect(classesOf(document)).toContain(name);
    // a body or a response that says less may leave schemas unused
    expect(classesOf(document).filter((found) => found !== "schema-unused")).toEqual([name]);
  });
});

/** Changes that cannot help being in more than one class. */
const OTHERS: Record<string, (document: JsonObject) => void> = {
  "nullable-without-type": (document) => addProperty(document, { nullable: true, allOf: [{ $ref: THING }] }),
  "enum-nested-array": (document) => addProperty(document, { type: "number", enum: [["a", "b"], ["c"]] }),
  "property-name-not-identifier": (document) =>
    merge(document, { components: { schemas: { Thing: { properties: { "65+": { type: "string" } } } } } }),
  "ref-external-common": (document) => addProperty(document, { $ref: "../common/x.json#/A" }),
  "ref-external-file-missing": (document) => addProperty(document, { $ref: "../common/x.json#/A" }),
  "template-param-missing": (document) => (operationOf(document).parameters as Json[]).pop(),
  "path-param-not-required": (document) => {
    const parameters = operationOf(document).parameters as JsonObject[];
    for (const parameter of parameters) if (parameter.in === "path") parameter.required = false;
  },
  "path-trailing-slash": (document) => addOperation(document, { path: "/things/", method: "get" }),
  "body-on-delete": (document) => addOperation(document, { path: "/things", method: "delete" }, { requestBody: BODY }),
  "write-op-without-body": (document) => addOperation(document, { path: "/things", method: "post" }),
  "request-body-opaque": (document) => {
    addOperation(
      document,
      { path: "/things", method: "post" },
      {
        requestBody: { required: true, content: { "application/json": { schema: { type: "object" } } } },
      },
    );
  },
  "response-2xx-opaque": (document) =>
    addOperation(
      document,
      { path: "/things", method: "get" },
      {
        responses: { 200: { content: { "application/json": { schema: { example: 1 } } } } },
      },
    ),
  "multiple-2xx": (document) => merge(operationOf(document), { responses: { 201: { content: BODY.content } } }),
  "no-error-response": (document) =>
    addOperation(document, { path: "/things", method: "get" }, { responses: { 200: { content: BODY.content } } }),
  "no-error-schema": (document) => merge(operationOf(document), { responses: { 400: { content: {} } } }, true),
  "response-header-no-schema": (document) =>
    merge(operationOf(document), { responses: { 200: { headers: { X: { description: "x" } } } } }),
  "schema-unused": (document) => merge(document, { components: { schemas: { A: { type: "string" } } } }),
  "schema-circular": (document) => addProperty(document, { $ref: THING }),
  "path-ambiguous-same-file": (document) => addOperation(document, { path: "/things/{id}", method: "put" }),
  "security-scheme-members": (document) =>
    merge(document, { components: { securitySchemes: { bearer: { name: "x" } } } }),
  "tag-groups-not-a-list": (document) => merge(document, { "x-tagGroups": {} }),
};

test.each(Object.entries(OTHERS))("one defect of a document gives one class: %s", (name, change) => {
  const document = clean();
  change(document);
  expect(classesOf(document)).toContain(name);
});

test("an operationId in two files gives the class operationId-dup-across-files", () => {
  expect(classesOf(clean(), clean())).toEqual(["operationId-dup-across-files"]);
});

test("every class is tried here", () => {
  const tried = [SCHEMAS, PARAMETERS, OPERATIONS, OTHERS].flatMap(Object.keys);
  // what was seen is tried in evidence.test.ts
  const elsewhere = ["operationId-dup-across-files", ...EVIDENCE_CLASSES.map(({ name }) => name)];
  expect([...LINT_CLASSES.keys()].filter((name) => !tried.includes(name))).toEqual(elsewhere);
});

function addProperty(document: JsonObject, schema: JsonObject): void {
  merge(document, { components: { schemas: { Thing: { properties: { x: schema } } } } });
}

test("a success without content is no defect", () => {
  const document = clean();
  const { responses } = operationOf(document);
  operationOf(document).responses = { ...objectAt(responses), 204: { description: "" } };
  expect(classesOf(document)).toEqual(["multiple-2xx"]);
  addOperation(
    document,
    { path: "/things/{thingId}", method: "head" },
    {
      responses: { 200: { description: "" }, 404: objectAt(responses)[400] ?? null },
    },
  );
  expect(classesOf(document)).toEqual(["multiple-2xx"]);
});

test("a default beside a success says how failures look, and alone it is the success", () => {
  const document = clean();
  const { 400: failure = null, ...successes } = objectAt(operationOf(document).responses);
  operationOf(document).responses = { ...successes, default: failure };
  expect(classesOf(document)).toEqual([]);
  operationOf(document).responses = { default: failure };
  expect(classesOf(document)).toEqual(expect.arrayContaining(["no-error-response", "no-error-schema"]));
});

function addOperation(
  document: JsonObject,
  { path, method }: { readonly path: string; readonly method: string },
  more: JsonObject = {},
): void {
  merge(document, {
    paths: { [path]: { [method]: { ...structuredClone(operationOf(document)), operationId: "other", ...more } } },
  });
}

function merge(target: JsonObject, source: JsonObject, replace = false): void {
  for (const [key, value] of Object.entries(source)) {
    const before = target[key];
    if (isObject(value) && isObject(before) && !(replace && key === "content")) merge(before, value, replace);
    else target[key] = value;
  }
}
