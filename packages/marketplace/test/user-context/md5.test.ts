import { toHex } from "@ghl-edge/core";
import { expect, test } from "vitest";
import { deriveKey } from "../../src/user-context/key.ts";
import { md5 } from "../../src/user-context/md5.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Test vectors of RFC 1321, section A.5. */
test.each([
  ["", "d41d8cd98f00b204e9800998ecf8427e"],
  ["a", "0cc175b9c0f1b6a831c399e269772661"],
  ["abc", "900150983cd24fb0d6963f7d28e17f72"],
  ["message digest", "f96b697d7cb7938d525a2f31aaf161d0"],
  ["abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"],
  ["ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "d174ab98d277d9f5a5611c2c9f419d9f"],
  ["1234567890".repeat(8), "57edf4a22be3c955ac49da2e2107b67a"],
])("the MD5 of %j is that of the RFC", (text, digest) => {
  expect(toHex(md5(bytes(text)))).toBe(digest);
});

test("MD5 reads a view into a larger buffer from its start", () => {
  expect(toHex(md5(bytes("xxabcxx").subarray(2, 5)))).toBe("900150983cd24fb0d6963f7d28e17f72");
});

/** These values come from `openssl enc -aes-256-cbc -md md5 -P`. */
test("key and IV are those of OpenSSL", () => {
  const { key, iv } = deriveKey(bytes("test-shared-secret"), new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]));
  expect(toHex(key)).toBe("be3dac746785d11fd21f29018c4dfb38e05fb56e0375ddec0e6f559a8d9b5330");
  expect(toHex(iv)).toBe("6a2071569a56fe3c2ec7212c40ac657f");
});
