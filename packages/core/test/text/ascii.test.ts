import fc from "fast-check";
import { expect, it } from "vitest";
import { toAsciiLowerCase } from "../../src/index.ts";

/** Any UTF-16 code unit, half characters too; fast-check's own units build a table of all of Unicode first. */
const codeUnit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));

it("lowering a name never makes it equal to a name of other characters", () => {
  expect(toAsciiLowerCase("ADMIN\u212A@Example.com")).toBe("admin\u212A@example.com");
  expect(toAsciiLowerCase("\u0130")).toBe("\u0130");
  fc.assert(fc.property(fc.string({ unit: codeUnit }), (text) => toAsciiLowerCase(text).length === text.length));
});
