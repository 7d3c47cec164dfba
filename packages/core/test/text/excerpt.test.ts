import fc from "fast-check";
import { expect, it } from "vitest";
import { excerpt } from "../../src/index.ts";

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
