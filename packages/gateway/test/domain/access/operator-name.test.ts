import fc from "fast-check";
import { expect, test } from "vitest";
import { operatorName } from "../../../src/domain/access/operator-name.ts";

test("an operator's name is compared without case, but no other character becomes a letter of ASCII", () => {
  expect(operatorName("Kim@Example.COM")).toBe("kim@example.com");
  // The Kelvin sign lowers to k, and the dotted I to i and a mark.
  for (const name of ["\u212Aim@example.com", "k\u0130m@example.com", "kı@example.com", "ſ@example.com", "", "a\n"])
    expect(operatorName(name)).toBeUndefined();
});

test("two names that differ by more than the case of A to Z stay different", () => {
  const ascii = fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)) });
  const name = fc.oneof(ascii, fc.string({ unit: "binary" }));
  fc.assert(
    fc.property(name, name, (one, other) => {
      const [first, second] = [operatorName(one), operatorName(other)];
      const swap = (text: string): string =>
        text.replace(/[A-Z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 32));
      if (first !== undefined && first === second) expect(swap(one)).toBe(swap(other));
    }),
  );
});
