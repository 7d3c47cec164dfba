import fc from "fast-check";
import { expect, it } from "vitest";
import { excerpt, readIsoTimeMs, toAsciiLowerCase } from "../../src/index.ts";

/** Any UTF-16 code unit, half characters too; fast-check's own units build a table of all of Unicode first. */
const codeUnit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));

it("lowering a name never makes it equal to a name of other characters", () => {
  expect(toAsciiLowerCase("ADMIN\u212A@Example.com")).toBe("admin\u212A@example.com");
  expect(toAsciiLowerCase("\u0130")).toBe("\u0130");
  fc.assert(fc.property(fc.string({ unit: codeUnit }), (text) => toAsciiLowerCase(text).length === text.length));
});

it("an excerpt has a size and never ends in half a character", () => {
  expect(excerpt("abc", 3)).toBe("abc");
  expect(excerpt("abcd", 3)).toBe("abc…");
  expect(excerpt("a😀b", 2)).toBe("a…");
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 1, max: 20 }), (text, max) => {
      const cut = excerpt(text, max);
      return (
        cut.length <= max + 1 && !/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(cut)
      );
    }),
  );
});

it.each([
  ["2026-11-30T10:00:00.000Z", Date.UTC(2026, 10, 30, 10)],
  ["2026-11-30T10:00:00z", Date.UTC(2026, 10, 30, 10)],
  ["2026-11-30T10:00:00", Date.UTC(2026, 10, 30, 10)],
  ["2026-11-30T10:00:00+0230", Date.UTC(2026, 10, 30, 7, 30)],
  ["2026-11-30T10:00", Date.UTC(2026, 10, 30, 10)],
  ["2026-01-31T10:00:00Z", Date.UTC(2026, 0, 31, 10)],
  ["2028-02-29T10:00:00Z", Date.UTC(2028, 1, 29, 10)],
  ["2026-02-29T10:00:00Z", undefined],
  ["2026-02-30T10:00:00Z", undefined],
  ["2026-04-31T10:00:00Z", undefined],
  ["2026-13-01T10:00:00Z", undefined],
  ["2026-11-00T10:00:00Z", undefined],
  ["2026-11-30", undefined],
  ["1", undefined],
  ["", undefined],
  ["Nov 30 2026", undefined],
  [1_700_000_000_000, undefined],
  [null, undefined],
  [undefined, undefined],
])("the time of %j is %j", (value, timeMs) => {
  expect(readIsoTimeMs(value)).toBe(timeMs);
});
