import { expect, test } from "vitest";
import { bundle } from "../../../src/input/load/bundle.ts";
import type { JsonObject } from "../../../src/json/json.ts";

const FILE = "apps/a.json";
const COMMON = "common/common-schemas.json";

function bundled(own: JsonObject, common: JsonObject, references: string[]): JsonObject {
  const items = references.map(($ref) => ({ $ref }));
  const document: JsonObject = { paths: { "/x": { get: { items } } }, components: { schemas: own } };
  bundle(
    document,
    FILE,
    new Map([
      [FILE, document],
      [COMMON, { components: { schemas: common } }],
    ]),
  );
  return document;
}

const external = (name: string): string => `../${COMMON}#/components/schemas/${name}`;

test("schemas of the common file enter under their own name, with what they refer to", () => {
  const document = bundled({}, { A: { items: { $ref: "#/components/schemas/B" } }, B: { type: "string" }, C: {} }, [
    external("A"),
    external("A"),
  ]);
  expect(document).toEqual({
    paths: { "/x": { get: { items: [{ $ref: "#/components/schemas/A" }, { $ref: "#/components/schemas/A" }] } } },
    components: { schemas: { A: { items: { $ref: "#/components/schemas/B" } }, B: { type: "string" } } },
  });
});

test("a schema of the same name stays its own, the common one gets the prefix", () => {
  const document = bundled({ A: { type: "number" } }, { A: { type: "string" } }, [
    external("A"),
    "#/components/schemas/A",
  ]);
  expect(document.components).toEqual({ schemas: { A: { type: "number" }, CommonA: { type: "string" } } });
  expect(document.paths).toEqual({
    "/x": { get: { items: [{ $ref: "#/components/schemas/CommonA" }, { $ref: "#/components/schemas/A" }] } },
  });
});

test("a schema that refers to itself is taken once", () => {
  const document = bundled({}, { A: { properties: { a: { $ref: "#/components/schemas/A" } } } }, [external("A")]);
  expect(document.components).toEqual({ schemas: { A: { properties: { a: { $ref: "#/components/schemas/A" } } } } });
});

test.each([
  ["#/components/schemas/No", FILE, "#/paths/~1x/get/items/0"],
  [external("No"), FILE, "#/paths/~1x/get/items/0"],
  ["../other.json#/A", FILE, "#/paths/~1x/get/items/0"],
  ["https://example.com/x.json#/A", FILE, "#/paths/~1x/get/items/0"],
  [external("Broken"), COMMON, "#/components/schemas/Broken/items"],
])("%s leads nowhere", (reference, file, pointer) => {
  const common = { Broken: { items: { $ref: "#/components/schemas/No" } } };
  expect(() => bundled({}, common, [reference])).toThrow(
    expect.objectContaining({ code: "ERR_GHL_CODEGEN_UNRESOLVED_REF", file, pointer }),
  );
});

test("a name that is taken with the prefix too is a clash", () => {
  expect(() => bundled({ A: {}, CommonA: {} }, { A: {} }, [external("A")])).toThrow(
    expect.objectContaining({ code: "ERR_GHL_CODEGEN_NAME_CLASH", pointer: "#/components/schemas/A" }),
  );
});
