import fc from "fast-check";
import { expect, it } from "vitest";
import { isObject } from "../../src/index.ts";

it.each([null, undefined, [], [{}], "{}", 0, true, () => {}])("%j is not an object with members", (value) => {
  expect(isObject(value)).toBe(false);
});

it("isObject agrees with the first character of the JSON", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(isObject(value)).toBe(JSON.stringify(value).startsWith("{"));
    }),
  );
});
