import { expect, test } from "vitest";
import { parseUntrustedJson, tryParseUntrustedJson } from "../../src/index.ts";

const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

test("untrusted JSON may nest at most 64 levels", () => {
  for (const form of [(text: string) => text, utf8]) {
    expect(parseUntrustedJson(form(nested(64)))).toBeInstanceOf(Array);
    expect(() => parseUntrustedJson(form(nested(65)))).toThrow("body must nest at most 64 levels, got more");
  }
});

test.each(["", "{oops", "\ufeff{}", "s3cret"])("%j is refused as JSON, and the error does not quote it", (text) => {
  for (const form of [text, utf8(text)])
    expect(() => parseUntrustedJson(form)).toThrow(/^body must be valid JSON, got a text that cannot be parsed$/);
});

test("bytes that are not UTF-8 are refused", () => {
  expect(() => parseUntrustedJson(Uint8Array.of(0x22, 0xff, 0x22))).toThrow("body must be UTF-8, got other bytes");
});

test("a refused text is undefined where the caller needs no reason, and null stays null", () => {
  for (const json of ["", nested(65), Uint8Array.of(0xff)]) expect(tryParseUntrustedJson(json)).toBeUndefined();
  expect(tryParseUntrustedJson("null")).toBeNull();
  expect(tryParseUntrustedJson(utf8('{"a":"é"}'))).toEqual({ a: "é" });
});
