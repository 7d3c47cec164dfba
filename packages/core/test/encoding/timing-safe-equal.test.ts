import fc from "fast-check";
import { expect, test } from "vitest";
import { timingSafeEqual } from "../../src/index.ts";

test("bytes are equal when their length and every byte are", () => {
  const few = fc.uint8Array({ maxLength: 3, max: 2 });
  fc.assert(fc.property(few, few, (left, right) => timingSafeEqual(left, right) === (left.join() === right.join())));
});

test("a difference of one bit counts at every position", () => {
  const hash = new Uint8Array(32).fill(7);
  for (let index = 0; index < hash.length; index++) expect(timingSafeEqual(hash, hash.with(index, 6))).toBe(false);
  expect(timingSafeEqual(hash, hash.slice())).toBe(true);
});

test("a part of a larger buffer is compared alone", () => {
  const whole = Uint8Array.of(1, 2, 3, 1, 2, 4);
  expect(timingSafeEqual(whole.subarray(0, 2), whole.subarray(3, 5))).toBe(true);
  expect(timingSafeEqual(whole.subarray(0, 3), whole.subarray(3))).toBe(false);
});

test("texts are equal when their bytes in UTF-8 are, and an empty text is equal to itself alone", () => {
  const few = fc.string({ unit: fc.constantFrom("a", "b", "ä", "😀"), maxLength: 3 });
  fc.assert(fc.property(few, few, (left, right) => timingSafeEqual(left, right) === (left === right)));
  expect(timingSafeEqual("", "")).toBe(true);
  expect(timingSafeEqual("", "secret")).toBe(false);
  expect(timingSafeEqual("secret", new TextEncoder().encode("secret"))).toBe(true);
});

test("the comparison of the runtime is used where there is one", () => {
  const subtle = crypto.subtle as { timingSafeEqual?: unknown };
  const isWorkerd = globalThis.navigator?.userAgent === "Cloudflare-Workers";
  expect(typeof subtle.timingSafeEqual).toBe(isWorkerd ? "function" : "undefined");
});
