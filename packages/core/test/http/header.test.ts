import fc from "fast-check";
import { expect, test } from "vitest";
import { isSendableHeader } from "../../src/index.ts";

/** Cheaper to make than fast-check's own units, which build a table of all of Unicode first. */
const latin = fc.integer({ min: 0, max: 0x17f }).map((code) => String.fromCharCode(code));

test("a sendable header value is one that Headers takes, but for values that it would change", () => {
  fc.assert(
    fc.property(fc.string({ unit: latin, maxLength: 8 }), fc.string({ unit: latin, maxLength: 8 }), (name, value) => {
      if (!isSendableHeader(name, value)) return;
      expect(new Headers([[name, value]]).get(name)).toBe(value.replace(/^[\t ]+|[\t ]+$/g, ""));
    }),
  );
});

test.each(["a\nb", "a\rb", "a\0b", "\u0100", "\u{1f600}", 5, null, undefined, {}])("a value %j is refused", (value) => {
  expect(isSendableHeader("x-app", value)).toBe(false);
});

test.each(["", "x y", "x:y", "x\n", "é"])("a name %j is refused", (name) => {
  expect(isSendableHeader(name, "a")).toBe(false);
});

test("Latin-1 and an empty value can be sent", () => {
  expect(isSendableHeader("X-App", "Zoë\t1")).toBe(true);
  expect(isSendableHeader("x-app", "")).toBe(true);
});
