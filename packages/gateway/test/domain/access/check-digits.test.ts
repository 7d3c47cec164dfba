import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isIssuedApiKey, newApiKey } from "../../../src/domain/access/api-key.ts";
import { checkDigits, importCheckKey } from "../../../src/domain/access/check-digits.ts";
import {
  isIssuedWorkflowReceiverId,
  newWorkflowReceiverId,
} from "../../../src/domain/marketplace/workflow-receiver.ts";

const secret = fc.uint8Array({ minLength: 32, maxLength: 32 }) as fc.Arbitrary<Uint8Array<ArrayBuffer>>;
const app = fc.stringMatching(/^[a-z][a-z0-9-]{0,31}$/);

/** The text with one character replaced by another one. */
const changed = (text: string, at: number, by: string): string => {
  const index = at % text.length;
  return text.slice(0, index) + by + text.slice(index + 1);
};
const change = fc.record({ at: fc.nat(), by: fc.constantFrom(..."0123456789abcdefABZ_-") });

test("check digits are the first 48 bits of HMAC-SHA-256, as RFC 4231 computes it", async () => {
  // Test case 2 of RFC 4231, section 4.3.
  const key = await importCheckKey(new TextEncoder().encode("Jefe") as Uint8Array<ArrayBuffer>);
  expect(await checkDigits(key, "what do ya want for nothing?", "hex")).toBe("5bdcc146bf60");
  expect(await checkDigits(key, "what do ya want for nothing?", "base64url")).toBe("W9zBRr9g");
});

describe("an API key", () => {
  test("an API key is recognised by the secret that it was issued with, and with no character changed", async () => {
    const property = fc.asyncProperty(secret, secret, change, async (own, other, { at, by }) => {
      const [ownKey, otherKey] = [await importCheckKey(own), await importCheckKey(other)];
      const { key } = await newApiKey(ownKey);
      expect(await isIssuedApiKey(ownKey, key)).toBe(true);
      if (own.join() !== other.join()) expect(await isIssuedApiKey(otherKey, key)).toBe(false);
      const variant = changed(key, at, by);
      expect(await isIssuedApiKey(ownKey, variant)).toBe(variant === key);
    });
    await fc.assert(property);
  });

  test("an API key is not recognised in any other text", async () => {
    const key = await importCheckKey(new Uint8Array(32));
    await fc.assert(fc.asyncProperty(fc.string(), async (text) => !(await isIssuedApiKey(key, text))));
  });
});

describe("the id of a workflow receiver", () => {
  test("the id of a workflow receiver is recognised for its app and by its secret, and with no character changed", async () => {
    const property = fc.asyncProperty(secret, app, app, change, async (own, ownApp, otherApp, { at, by }) => {
      const key = await importCheckKey(own);
      const id = await newWorkflowReceiverId(key, ownApp);
      expect(id).toMatch(/^wr_[0-9a-f]{28}$/);
      expect(await isIssuedWorkflowReceiverId(key, ownApp, id)).toBe(true);
      expect(await isIssuedWorkflowReceiverId(key, otherApp, id)).toBe(otherApp === ownApp);
      const variant = changed(id, at, by);
      expect(await isIssuedWorkflowReceiverId(key, ownApp, variant)).toBe(variant === id);
    });
    await fc.assert(property);
  });
});
