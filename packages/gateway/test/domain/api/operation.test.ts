import { expect, test } from "vitest";
import {
  acceptedTokenTypesFor,
  answersWithTokens,
  findOperation,
  operationName,
} from "../../../src/domain/api/operation.ts";

const location = { kind: "location", id: "L" } as const;
const company = { kind: "company", id: "C" } as const;
const route = (method: string, path: string, version?: string) => findOperation(method, path, version)!;

test("the newer generation, unless the caller's Version names the older", () => {
  expect(operationName(route("GET", "/contacts/c1"))).toBe("v3.contacts.getContact");
  expect(operationName(route("GET", "/contacts/c1", "2021-07-28"))).toBe("v2.contacts.getContact");
  expect(findOperation("GET", "/nowhere", undefined)).toBeUndefined();
});

test("the token types that an operation takes follow from its document and the resource", () => {
  const contact = route("GET", "/contacts/c1");
  expect(acceptedTokenTypesFor({ ...contact, tokens: "lL" }, location)).toBe("any");
  expect(acceptedTokenTypesFor({ ...contact, tokens: "lc" }, company)).toBe("oauth");
  expect(acceptedTokenTypesFor({ ...contact, tokens: "Lc" }, location)).toBe("private");
  expect(acceptedTokenTypesFor({ ...contact, tokens: "?" }, company)).toBe("any");
  expect(acceptedTokenTypesFor({ ...contact, tokens: "cC" }, location)).toEqual([
    "company token",
    "company private integration token",
  ]);
});

test("operations that answer with tokens are known as such", () => {
  expect(answersWithTokens(route("POST", "/oauth/token"))).toBe(true);
  expect(answersWithTokens(route("POST", "/oauth/location-token"))).toBe(true);
  expect(answersWithTokens(route("GET", "/oauth/installed-locations"))).toBe(false);
});
