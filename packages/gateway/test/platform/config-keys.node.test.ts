import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConfigError } from "../../src/platform/config-fields.ts";
import { readTokenKeys } from "../../src/platform/config-keys.ts";

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
const read = (value: unknown) => readTokenKeys(JSON.stringify(value), false);
/** Random bytes; what is refused as guessable is left out. */
const key = fc.uint8Array({ minLength: 32, maxLength: 32 }).filter((bytes) => new Set(bytes).size > 12);
/** Many of them look like integers, which a JSON object would put first. */
const id = fc.oneof(fc.integer({ min: 0, max: 99 }).map(String), fc.stringMatching(/^[a-z0-9-]{1,8}$/));

describe("TOKEN_KEYS", () => {
  test("the active key is the named one, whatever the ids look like and in whatever order they are written", () => {
    const keys = fc.uniqueArray(fc.tuple(id, key), { minLength: 1, maxLength: 5, selector: ([name]) => name });
    fc.assert(
      fc.property(keys, fc.nat(), (entries, choice) => {
        fc.pre(new Set(entries.map(([, bytes]) => base64(bytes))).size === entries.length);
        const [active, bytes] = entries[choice % entries.length]!;
        const ring = read({ active, keys: Object.fromEntries(entries.map(([name, one]) => [name, base64(one)])) });
        expect([ring.activeId, base64(ring.keys.get(active)!), ring.keys.size]).toEqual([
          active,
          base64(bytes),
          entries.length,
        ]);
      }),
    );
  });

  test("the earlier form, where the first key was active, is refused with the present one", () => {
    expect(() => read({ 2: base64(new Uint8Array(32)), 1: "x" })).toThrow(
      'TOKEN_KEYS must be { "active": "<id>", "keys": { "<id>": "<base64 of 32 bytes>" } }',
    );
  });

  const counting = Uint8Array.from({ length: 32 }, (_, index) => 250 + index);
  const good = Uint8Array.from({ length: 32 }, (_, index) => index * index);
  test.each<[string, unknown, string]>([
    ["zeros", { active: "a", keys: { a: base64(new Uint8Array(32)) } }, "keys.a must be 32 random bytes"],
    [
      "one repeated byte",
      { active: "a", keys: { a: base64(new Uint8Array(32).fill(7)) } },
      "keys.a must be 32 random bytes",
    ],
    ["a short pattern", { active: "a", keys: { a: btoa("abcd".repeat(8)) } }, "keys.a must be 32 random bytes"],
    ["bytes that count up", { active: "a", keys: { a: base64(counting) } }, "keys.a must be 32 random bytes"],
    ["31 bytes", { active: "a", keys: { a: base64(good.slice(1)) } }, "keys.a must be the base64 of 32 bytes"],
    ["no text", { active: "a", keys: { a: 7 } }, "keys.a must be the base64 of 32 bytes"],
    ["an active id without a key", { active: "b", keys: { a: base64(good) } }, "active must be the id of one"],
    ["a key under two ids", { active: "a", keys: { a: base64(good), b: base64(good) } }, "keys.b must be another key"],
    [
      "an id with a dot, which ends it in what is stored",
      { active: "a.b", keys: { "a.b": base64(good) } },
      "an object with ids of 1 to 32",
    ],
    ["no keys", { active: "a", keys: {} }, "active must be the id of one"],
    ["a list", { active: "a", keys: [base64(good)] }, "keys must be an object"],
    ["another member", { active: "a", keys: { a: base64(good) }, first: "a" }, 'unknown field "TOKEN_KEYS.first"'],
  ])("%s is refused", (_what, value, message) => {
    expect(() => read(value)).toThrow(ConfigError);
    expect(() => read(value)).toThrow(message);
  });

  test("an id that every object inherits is an id as any other", () => {
    expect(read({ active: "constructor", keys: { constructor: base64(good) } }).keys.size).toBe(1);
  });
});
