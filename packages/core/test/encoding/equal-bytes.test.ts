import fc from "fast-check";
import { expect, test } from "vitest";
import { equalBytes } from "../../src/index.ts";

test("bytes are equal when their length and every byte are", () => {
  const few = fc.uint8Array({ maxLength: 3, max: 2 });
  fc.assert(fc.property(few, few, (left, right) => equalBytes(left, right) === (left.join() === right.join())));
});

test("a difference of one bit counts at every position", () => {
  const hash = new Uint8Array(32).fill(7);
  for (let index = 0; index < hash.length; index++) expect(equalBytes(hash, hash.with(index, 6))).toBe(false);
  expect(equalBytes(hash, hash.slice())).toBe(true);
});
