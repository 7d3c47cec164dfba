import { expect, test } from "vitest";
import { byCodeUnit, equalJson, type JsonObject, setMember } from "../../src/json/json.ts";

test("objects are equal whatever the order of their members, arrays are not", () => {
  expect(equalJson({ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 })).toBe(true);
  expect(equalJson({ b: [1, 2] }, { b: [2, 1] })).toBe(false);
  expect(equalJson({ a: 1 }, { a: 1, b: 2 })).toBe(false);
  expect(equalJson([], {})).toBe(false);
  expect(equalJson(null, {})).toBe(false);
});

test("a member called __proto__ is an ordinary member", () => {
  const object: JsonObject = {};
  setMember(object, "__proto__", { x: 1 });
  expect(Object.keys(object)).toEqual(["__proto__"]);
  expect(JSON.stringify(object)).toBe('{"__proto__":{"x":1}}');
});

test("strings are ordered by code unit, not by locale", () => {
  expect(["b", "B", "a", "ä", "_"].sort(byCodeUnit)).toEqual(["B", "_", "a", "b", "ä"]);
});
