import { expect, test } from "vitest";
import { applyOverlays } from "../../../src/input/overlay/apply.ts";
import { readOverlay } from "../../../src/input/overlay/overlay.ts";
import type { Json, JsonObject } from "../../../src/json/json.ts";

const FILE = "overlays/a.yaml";

function overlay(action: JsonObject, documents = "v3/a"): JsonObject {
  return {
    overlay: "1.0.0",
    info: { title: "t", version: "1" },
    extends: documents,
    actions: [{ description: "why", ...action }],
  };
}

function applied(document: JsonObject, action: JsonObject): JsonObject {
  const copy = structuredClone(document);
  expect(applyOverlays(new Map([["v3/a", copy]]), [readOverlay(overlay(action), FILE)])).toBe(1);
  return copy;
}

test("an update merges objects, replaces scalars and appends to arrays", () => {
  const document = { a: { b: 1, c: { d: [1] } } };
  expect(applied(document, { target: "$.a", update: { b: 2, c: { d: [2] }, e: null } })).toEqual({
    a: { b: 2, c: { d: [1, 2] }, e: null },
  });
  expect(applied(document, { target: "$.a.c.d", update: "x" })).toEqual({ a: { b: 1, c: { d: [1, "x"] } } });
  expect(applied(document, { target: "$.a.b", update: "x" })).toEqual({ a: { b: "x", c: { d: [1] } } });
  expect(applied(document, { target: "$", update: { z: 1 } })).toEqual({ ...document, z: 1 });
});

test("the update is copied: two documents never share what they got", () => {
  const documents = new Map<string, JsonObject>([
    ["v2/a", { x: {} }],
    ["v3/a", { x: {} }],
  ]);
  const read = readOverlay(overlay({ target: "$.x", update: { list: { items: [1] } } }, "{v2,v3}/a"), FILE);
  expect(applyOverlays(documents, [read])).toBe(2);
  const [v2, v3] = [...documents.values()].map(({ x }) => (x as JsonObject).list);
  expect(v2).toEqual(v3);
  expect(v2).not.toBe(v3);
});

test("a remove takes members and items away", () => {
  const document = { list: [{ name: "a" }, { name: "b" }], gone: 1 };
  expect(applied(document, { target: "$.list[?(@.name=='a')]", remove: true })).toEqual({
    list: [{ name: "b" }],
    gone: 1,
  });
  expect(applied(document, { target: "$.list[*]", remove: true })).toEqual({ list: [], gone: 1 });
  expect(applied(document, { target: "$.gone", remove: true })).toEqual({ list: document.list });
});

const DOCUMENT: JsonObject = { op: { operationId: "x", scopes: ["a"], empty: [] } };

test.each<[string, JsonObject, string]>([
  ["target gone", { target: "$.nope", update: 1 }, "ERR_GHL_CODEGEN_OVERLAY_TARGET"],
  ["target gone", { target: "$.nope", remove: true }, "ERR_GHL_CODEGEN_OVERLAY_TARGET"],
  [
    "target changed",
    { target: "$.op", "x-expect": { operationId: "y" }, update: { a: 1 } },
    "ERR_GHL_CODEGEN_OVERLAY_TARGET",
  ],
  [
    "member appeared",
    { target: "$.op", "x-expect": { scopes: null }, update: { a: 1 } },
    "ERR_GHL_CODEGEN_OVERLAY_TARGET",
  ],
  ["list filled", { target: "$.op.scopes", "x-expect": [], update: "b" }, "ERR_GHL_CODEGEN_OVERLAY_TARGET"],
  ["same scalar", { target: "$.op.operationId", update: "x" }, "ERR_GHL_CODEGEN_OVERLAY_NO_EFFECT"],
  ["same member", { target: "$.op", update: { operationId: "x" } }, "ERR_GHL_CODEGEN_OVERLAY_NO_EFFECT"],
  ["item already there", { target: "$.op.scopes", update: "a" }, "ERR_GHL_CODEGEN_OVERLAY_NO_EFFECT"],
  ["empty update", { target: "$.op", update: {} }, "ERR_GHL_CODEGEN_OVERLAY_NO_EFFECT"],
])("an action without its expected target is refused: %s %j", (_, action, code) => {
  expect(() => applied(DOCUMENT, action)).toThrow(
    expect.objectContaining({ code, file: FILE, pointer: "#/actions/0" }),
  );
});

test("an expectation that is met lets the action pass", () => {
  const expectations: Json = { operationId: "x", empty: [], nope: null };
  expect(applied(DOCUMENT, { target: "$.op", "x-expect": expectations, update: { a: 1 } })).toMatchObject({
    op: { a: 1 },
  });
});

test("a document that is not there is a target that is not there", () => {
  const read = readOverlay(overlay({ target: "$", update: { a: 1 } }, "v2/gone"), FILE);
  expect(() => applyOverlays(new Map(), [read])).toThrow(
    expect.objectContaining({ code: "ERR_GHL_CODEGEN_OVERLAY_TARGET", pointer: "#/extends" }),
  );
});

test.each<[string, Json, string]>([
  ["no object", [], "#"],
  ["other version", { ...overlay({ target: "$", remove: true }), overlay: "2.0.0" }, "#/overlay"],
  ["no document", { ...overlay({ target: "$", remove: true }), extends: 1 }, "#/extends"],
  ["no actions", { ...overlay({}), actions: [] }, "#/actions"],
  ["unknown member", { ...overlay({ target: "$", remove: true }), action: [] }, "#/action"],
  ["unknown member of an action", overlay({ target: "$", remove: true, udpate: 1 }), "#/actions/0/udpate"],
  ["no reason", overlay({ target: "$", remove: true, description: " " }), "#/actions/0/description"],
  ["no target", overlay({ remove: true }), "#/actions/0/target"],
  ["unsupported target", overlay({ target: "$..x", remove: true }), "#/actions/0/target"],
  ["neither update nor remove", overlay({ target: "$" }), "#/actions/0"],
  ["both", overlay({ target: "$", update: 1, remove: true }), "#/actions/0"],
])("an invalid overlay is refused with its position: %s", (_, value, pointer) => {
  expect(() => readOverlay(value, FILE)).toThrow(
    expect.objectContaining({ code: "ERR_GHL_CODEGEN_OVERLAY_INVALID", file: FILE, pointer }),
  );
});

test.each<[Json, string]>([
  [[], "overlay must be an object, got an empty array"],
  [{ ...overlay({ target: "$", remove: true }), acitons: [] }, 'unknown field "acitons"; did you mean "actions"?'],
  [overlay({ target: "$", remove: true, udpate: 1 }), 'unknown field "udpate"; did you mean "update"?'],
  [{ ...overlay({}), actions: [] }, "actions must be a non-empty list, got an empty array"],
  [overlay({ target: "$..x", remove: true }), 'target must be in the supported part of JSONPath, got "$..x"'],
  [overlay({ target: "$", remove: true, description: " " }), 'description must be the reason for the action, got " "'],
  [overlay({ target: "$" }), "action must have either update or remove: true, got neither"],
])("the message of an invalid overlay names what would be right (%#)", (value, message) => {
  expect(() => readOverlay(value, FILE)).toThrow(message);
});
