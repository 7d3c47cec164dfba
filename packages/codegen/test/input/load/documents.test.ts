import { expect, test } from "vitest";
import { parseSource } from "../../../src/input/load/documents.ts";
import { moduleOf } from "../../../src/input/load/modules.ts";
import { thingDocument } from "../../support/source.ts";

function source(files: Record<string, string>) {
  const bytes = Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)] as const);
  return { label: "test", files: new Map(bytes), origin: {} };
}

const GOOD = JSON.stringify(thingDocument());

test.each([
  ["apps/contacts.json", { api: "v2", module: "contacts" }],
  ["apps/ad-manager.json", { api: "v2", module: "ad-publishing" }],
  ["apps/saas-api.json", { api: "v2", module: "saas" }],
  ["apps/social-media-posting.json", { api: "v2", module: "social-planner" }],
  ["apps/v3/saas-v3.json", { api: "v3", module: "saas" }],
  ["apps/v3/common/common-schemas.json", undefined],
  ["docs/x.json", undefined],
])("the module of a file follows from its path: %s", (path, expected) => {
  expect(moduleOf(path)).toEqual(expected);
});

test.each([
  ["not JSON", "{", "ERR_GHL_CODEGEN_NOT_PARSABLE", undefined],
  ["no object", "[]", "ERR_GHL_CODEGEN_NOT_OPENAPI", "#"],
  ["Swagger 2", '{"swagger":"2.0","paths":{}}', "ERR_GHL_CODEGEN_NOT_OPENAPI", "#/openapi"],
  ["no paths", '{"openapi":"3.0.0"}', "ERR_GHL_CODEGEN_NOT_OPENAPI", "#/paths"],
])("%s is refused with file and pointer", (_, text, code, pointer) => {
  expect(() => parseSource(source({ "apps/a.json": GOOD, "apps/b.json": text }))).toThrow(
    expect.objectContaining({ code, file: "apps/b.json", pointer }),
  );
});

test("bytes that are not UTF-8 are refused", () => {
  const files = new Map([["apps/a.json", Uint8Array.of(0x22, 0xff, 0x22)]]);
  expect(() => parseSource({ label: "test", files, origin: {} })).toThrow(
    expect.objectContaining({ code: "ERR_GHL_CODEGEN_NOT_PARSABLE" }),
  );
});

test("two files of one module are a name clash", () => {
  expect(() => parseSource(source({ "apps/ad-manager.json": GOOD, "apps/ad-publishing.json": GOOD }))).toThrow(
    expect.objectContaining({ code: "ERR_GHL_CODEGEN_NAME_CLASH", file: "apps/ad-publishing.json" }),
  );
});

test("a source without documents is refused", () => {
  expect(() => parseSource(source({ "common/common-schemas.json": "{}" }))).toThrow(
    expect.objectContaining({ code: "ERR_GHL_CODEGEN_UNREADABLE" }),
  );
});
