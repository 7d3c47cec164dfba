import { expect, test } from "vitest";
import { commonFileLocation } from "../../../src/input/repair/common-file-location.ts";
import { danglingCommonReference } from "../../../src/input/repair/dangling-common-reference.ts";
import { securitySchemeMembers } from "../../../src/input/repair/security-scheme-members.ts";
import type { JsonObject } from "../../../src/json/json.ts";
import { COMMON } from "../../support/source.ts";

const BAD = "#/components/schemas/BadRequestDTO";
const make = (...references: string[]): JsonObject => ({
  paths: { "/x": { get: { list: references.map(($ref) => ({ $ref })) } } },
  components: { schemas: { Own: {} } },
});
const POINTER = "#/paths/~1x/get/list/0";

test("common-file-location points to the file beside the document, only where ../ has none", () => {
  const beside = new Map([["apps/v3/common/common-schemas.json", COMMON]]);
  const context = { file: "apps/v3/a-v3.json", files: beside };
  const document = make(`../common/common-schemas.json${BAD}`, "#/components/schemas/Own", "../other.json#/A");
  expect(commonFileLocation.apply(document, context)).toEqual([POINTER]);
  expect(document).toEqual(make(`common/common-schemas.json${BAD}`, "#/components/schemas/Own", "../other.json#/A"));
  const right = { file: "apps/a.json", files: new Map([["common/common-schemas.json", COMMON]]) };
  expect(commonFileLocation.apply(make(`../common/common-schemas.json${BAD}`), right)).toEqual([]);
});

test("dangling-common-reference points to the common file, only when that has the schema", () => {
  const context = { file: "apps/a.json", files: new Map([["common/common-schemas.json", COMMON]]) };
  const document = make(BAD, "#/components/schemas/Own", "#/components/schemas/Nowhere");
  expect(danglingCommonReference.apply(document, context)).toEqual([POINTER]);
  expect(document).toEqual(
    make(`../common/common-schemas.json${BAD}`, "#/components/schemas/Own", "#/components/schemas/Nowhere"),
  );
});

test("security-scheme-members drops name and in of http schemes only", () => {
  const key = { type: "apiKey", name: "X", in: "header" };
  const document: JsonObject = {
    components: { securitySchemes: { bearer: { type: "http", scheme: "bearer", name: "A", in: "header" }, key } },
  };
  const pointers = securitySchemeMembers.apply(document, { file: "a", files: new Map() });
  expect(pointers).toEqual(["#/components/securitySchemes/bearer"]);
  expect(document).toEqual({ components: { securitySchemes: { bearer: { type: "http", scheme: "bearer" }, key } } });
});
