import { describe, expect, test } from "vitest";
import { readProxyTarget, upstreamUrl } from "../../../src/domain/api/upstream-path.ts";

const BASE = "https://services.leadconnectorhq.com";
const read = (rest: string) => readProxyTarget(`https://gateway.example/api/location/L1${rest}`);

describe("proxy target", () => {
  test.each([
    ["/contacts/c1", "/contacts/c1", ""],
    ["/contacts/?locationId=L1&query=a%2Fb%20c", "/contacts/", "?locationId=L1&query=a%2Fb%20c"],
    ["/contacts/c1?next=https://evil.example//x", "/contacts/c1", "?next=https://evil.example//x"],
    ["/custom-fields/object-key/custom_objects.pet", "/custom-fields/object-key/custom_objects.pet", ""],
    ["/contacts/a%40b", "/contacts/a%40b", ""],
    ["/contacts/c1#fragment", "/contacts/c1", ""],
  ])("the proxy target of %s has its path and query", (rest, path, search) => {
    const target = read(rest);
    expect(target).toEqual({ resource: { kind: "location", id: "L1" }, path, search });
    expect(upstreamUrl(BASE, target!)?.href).toBe(BASE + path + search);
  });

  test("the proxy target may belong to a company", () => {
    expect(readProxyTarget("http://g/api/company/C1/users/")?.resource).toEqual({ kind: "company", id: "C1" });
  });

  test.each([
    "",
    "/..",
    "/../oauth/token",
    "/contacts/../../x",
    "/contacts/./x",
    "/contacts/..",
    "/%2e%2e/oauth/token",
    "/%2E%2e/x",
    "/contacts/.%2e/x",
    "/contacts/%252e%252e/x",
    "//evil.example/x",
    "/contacts//x",
    "/\\evil.example/x",
    "/contacts\\..\\x",
    "/%5c%5cevil.example",
    "/%2f%2fevil.example",
    "/contacts/a%2Fb",
    "/contacts/%00",
    "/contacts/%0d%0aHost:evil",
    "/contacts/%7f",
    "/contacts/%",
    "/contacts/%zz",
    "/contacts/\u0000",
    "/contacts/a b",
    "/contacts/é",
    `/${"a".repeat(2_048)}`,
  ])("the proxy refuses the target %j", (rest) => {
    expect(read(rest)).toBeUndefined();
  });

  test.each([
    "https://g/api/location//contacts",
    "https://g/api/location/L:1/contacts",
    "https://g/api/location/%4c1/contacts",
    "https://g/api/location/../contacts",
    "https://g/api/agency/L1/contacts",
    "https://g/api/location/L1",
    `https://g/api/location/${"a".repeat(65)}/contacts`,
  ])("the proxy refuses the target %s", (url) => {
    expect(readProxyTarget(url)).toBeUndefined();
  });

  test("the part after the base's host stays below it", () => {
    const target = { resource: { kind: "location", id: "L" } as const, search: "" };
    expect(upstreamUrl(`${BASE}/prefix/`, { ...target, path: "/x" })?.href).toBe(`${BASE}/prefix/x`);
    for (const path of ["/../x", "//evil.example", "/%2e%2e/x"])
      expect(upstreamUrl(`${BASE}/prefix`, { ...target, path })?.href ?? BASE).toMatch(/^https:\/\/services\./);
    expect(upstreamUrl(`${BASE}/prefix`, { ...target, path: "/../x" })).toBeUndefined();
  });
});
