import { describe, expect, test } from "vitest";
import { findOperation } from "../../../src/domain/api/operation.ts";
import { readProxyTarget, upstreamUrl } from "../../../src/domain/api/upstream-path.ts";

const BASE = "https://services.leadconnectorhq.com";
const GATEWAY = "https://gateway.test";

/** Places nobody may be led to by the gateway. */
const TARGETS = [
  "evil.example",
  "127.0.0.1",
  "localhost:4010",
  "169.254.169.254/latest/meta-data/",
  "[::1]",
  "[::ffff:169.254.169.254]",
  "0x7f000001",
  "2130706433",
  "017700000001",
  "metadata.google.internal",
  "services.leadconnectorhq.com@evil.example",
  "services.leadconnectorhq.com.evil.example",
];

/** Ways to write another host, or another path than the one that is checked, behind `/api/location/L`. */
const WAYS: ((target: string) => string)[] = [
  (target) => `//${target}`,
  (target) => `///${target}`,
  (target) => `/\\${target}`,
  (target) => `\\\\${target}`,
  (target) => `/%2f${target}`,
  (target) => `/%5c${target}`,
  (target) => `/https://${target}`,
  (target) => `/http:/${target}`,
  (target) => `/https:%2f%2f${target}`,
  (target) => `@${target}`,
  (target) => `/@${target}`,
  (target) => `/.${target}`,
  (target) => `/contacts/../../${target}`,
  (target) => `/contacts/%2e%2e/${target}`,
  (target) => `/contacts/..%2f${target}`,
  (target) => `/contacts/%252e%252e%252f${target}`,
];

/** Paths that a parser, a proxy or a server behind may read as another one. */
const TRICKS = [
  "/oauth/../oauth/token",
  "/./oauth/token",
  "/contacts/.",
  "/contacts/..",
  "/contacts/%2e",
  "/contacts/%2E%2E",
  "/contacts/.%2e/token",
  "/contacts/%c0%ae%c0%ae/x",
  "/contacts/a%00b",
  "/contacts/a%0d%0aHost:%20evil.example",
  "/contacts/a%0ab",
  "/contacts/a\tb",
  "/contacts/a b",
  "/contacts/a%",
  "/contacts/a%zz",
  "/contacts//a",
  "/contacts/a//",
  "/contacts\\a",
  "/contacts/a%5cb",
  "/contacts/a%2fb",
  "/contacts/\u2024\u2024/x",
  "/contacts/\uff0e\uff0e/x",
  "/contacts/a\u2215b",
  "/contacts/a;/../b",
  "/contacts/a%25b",
  "/contacts/user@host",
  `/contacts/${"a".repeat(2_100)}`,
  "",
];

/** A resource id that is none. */
const IDS = ["..", ".", "%2e%2e", "a/b", "a%2fb", "a:b", "a@b", "", "a b", "x".repeat(65), "L?x", "L#x"];

const corpus = [
  ...TARGETS.flatMap((target) => WAYS.map((way) => `${GATEWAY}/api/location/L${way(target)}`)),
  ...TRICKS.map((path) => `${GATEWAY}/api/location/L${path}`),
  ...IDS.map((id) => `${GATEWAY}/api/location/${id}/contacts/c1`),
  ...TARGETS.map((target) => `${GATEWAY}/api/host/${target}/contacts/c1`),
];

/** The URL that the gateway would call; undefined: none. */
function destination(requestUrl: string): URL | undefined {
  const target = readProxyTarget(requestUrl);
  if (target === undefined || findOperation("GET", target.path, undefined) === undefined) return undefined;
  return upstreamUrl(BASE, target);
}

describe("SSRF", () => {
  test(`none of ${corpus.length} URLs is accepted`, () => {
    expect(new Set(corpus).size).toBeGreaterThanOrEqual(150);
    expect(corpus.filter((url) => destination(url) !== undefined)).toEqual([]);
  });

  test("the same checks let honest paths through, to the one host", () => {
    const url = destination(`${GATEWAY}/api/location/L/contacts/c1?redirect=https://evil.example/&x=..%2f`);
    expect(url?.href).toBe(`${BASE}/contacts/c1?redirect=https://evil.example/&x=..%2f`);
  });
});
