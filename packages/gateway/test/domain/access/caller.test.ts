import { toHex } from "@ghl-edge/core";
import { expect, test } from "vitest";
import { apiKeyId, newApiKey } from "../../../src/domain/access/api-key.ts";
import { type Caller, isReadOnly, mayUseResource } from "../../../src/domain/access/caller.ts";
import { importCheckKey } from "../../../src/domain/access/check-digits.ts";

const caller = (resources: Caller["resources"]): Caller => ({ name: "k", app: "main", access: "read", resources });

test("a caller uses what it names, by kind and id", () => {
  const one = caller([{ kind: "location", id: "a" }]);
  expect(mayUseResource(one, { kind: "location", id: "a" })).toBe(true);
  expect(mayUseResource(one, { kind: "company", id: "a" })).toBe(false);
  expect(mayUseResource(one, { kind: "location", id: "A" })).toBe(false);
  expect(mayUseResource(caller([]), { kind: "location", id: "a" })).toBe(false);
  expect(mayUseResource(caller(null), { kind: "location", id: "a" })).toBe(true);
});

test("reading is decided by the method, or by scopes that all say so", () => {
  expect(isReadOnly("GET", ["contacts.write"])).toBe(true);
  expect(isReadOnly("POST", ["contacts.readonly"])).toBe(true);
  expect(isReadOnly("POST", ["contacts.readonly", "contacts.write"])).toBe(false);
  // Nothing is known of it.
  expect(isReadOnly("POST", [])).toBe(false);
});

test("two keys never share an id, and nothing else has one", async () => {
  const checkKey = await importCheckKey(new Uint8Array(32));
  const [one, two] = [await newApiKey(checkKey), await newApiKey(checkKey)];
  expect(one.id).not.toBe(two.id);
  expect(apiKeyId(one.key)).toBe(one.id);
  expect(toHex(one.hash)).toMatch(/^[0-9a-f]{64}$/);
  for (const text of ["", one.id, one.key.slice(1), `${one.key}A`, one.key.toUpperCase(), one.key.slice(0, -1)])
    expect(apiKeyId(text)).toBeUndefined();
});
