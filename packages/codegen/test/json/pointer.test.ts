import fc from "fast-check";
import { expect, test } from "vitest";
import { at, parsePointer, pointerOf, ROOT, resolvePointer } from "../../src/json/pointer.ts";

test("a pointer reads back into the keys it was made of", () => {
  // percent signs are left alone in pointers we write, so they are kept out here
  const key = fc.string().filter((text) => !text.includes("%"));
  fc.assert(
    fc.property(fc.array(key), (keys) => {
      expect(parsePointer(pointerOf(at(ROOT, ...keys)))).toEqual(keys);
    }),
  );
});

test("a pointer resolves through objects and arrays, and to nothing where nothing is", () => {
  const document = { paths: { "/a/{b}": [{ x: 1 }] } };
  expect(resolvePointer(document, "#/paths/~1a~1{b}/0/x")).toBe(1);
  expect(resolvePointer(document, "#/paths/~1a~1%7Bb%7D/0/x")).toBe(1);
  expect(resolvePointer(document, "#")).toBe(document);
  for (const pointer of ["#/paths/x", "#/paths/~1a~1{b}/1", "#/paths/~1a~1{b}/00", "#/toString", "paths", "#/%zz"]) {
    expect(resolvePointer(document, pointer)).toBeUndefined();
  }
});
