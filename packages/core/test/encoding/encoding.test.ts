import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromBase64, fromBase64Url, fromHex, toBase64, toBase64Url, toHex } from "../../src/index.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const bytes = fc.uint8Array({ maxLength: 64 });

describe("test vectors of RFC 4648 section 10", () => {
  test.each([
    ["", "", ""],
    ["f", "Zg==", "66"],
    ["fo", "Zm8=", "666f"],
    ["foo", "Zm9v", "666f6f"],
    ["foob", "Zm9vYg==", "666f6f62"],
    ["fooba", "Zm9vYmE=", "666f6f6261"],
    ["foobar", "Zm9vYmFy", "666f6f626172"],
  ])("%j is %j in base64 and %j in hexadecimal", (text, base64, hex) => {
    expect([toBase64(utf8(text)), toHex(utf8(text))]).toEqual([base64, hex]);
    expect([fromBase64(base64), fromHex(hex)]).toEqual([utf8(text), utf8(text)]);
  });
});

test("decoding returns the bytes that were encoded", () => {
  fc.assert(
    fc.property(bytes, (given) => {
      expect(fromBase64(toBase64(given))).toEqual(given);
      expect(fromBase64Url(toBase64Url(given))).toEqual(given);
      expect(fromHex(toHex(given))).toEqual(given);
      expect(fromHex(toHex(given).toUpperCase())).toEqual(given);
    }),
  );
});

test("base64url has its own alphabet and no padding", () => {
  fc.assert(
    fc.property(bytes, (given) => {
      expect(toBase64Url(given)).toMatch(/^[\w-]*$/);
      expect(toBase64Url(given)).toHaveLength(Math.ceil((given.length * 4) / 3));
    }),
  );
  expect(toBase64Url(Uint8Array.of(0xfb, 0xff, 0xfe))).toBe("-__-");
});

test("only the bytes of a view are encoded, not those around it", () => {
  const view = utf8("xxfoxx").subarray(2, 4);
  expect([toBase64(view), toHex(view)]).toEqual(["Zm8=", "666f"]);
});

test("bytes beyond the number of arguments that a function can take are encoded", () => {
  const large = new Uint8Array(300_000).fill(0xff);
  expect(fromBase64(toBase64(large))).toEqual(large);
});

test.each(["!", "a", "Zg=", "Zg==="])("%j is refused as base64 and as base64url", (text) => {
  expect(() => fromBase64(text)).toThrow(DOMException);
  expect(() => fromBase64Url(text)).toThrow(DOMException);
});
