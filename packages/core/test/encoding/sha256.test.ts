import { expect, test } from "vitest";
import { sha256, toHex } from "../../src/index.ts";

test("the digest of a text is that of its UTF-8 bytes, and equals the example of FIPS 180-4", async () => {
  const expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  expect(toHex(await sha256("abc"))).toBe(expected);
  expect(toHex(await sha256(new TextEncoder().encode("abc")))).toBe(expected);
  expect(toHex(await sha256("ÿ"))).toBe(toHex(await sha256(Uint8Array.of(0xc3, 0xbf))));
});
