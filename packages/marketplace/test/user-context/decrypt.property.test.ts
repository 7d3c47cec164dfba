import fc from "fast-check";
import { expect, test } from "vitest";
import { decryptUserContext, UserContextError } from "../../src/user-context.ts";
import { PROPERTY_TIMEOUT_MS } from "../runs.ts";
import { encrypt, fromBase64, resealed, SECRET } from "./encrypt.ts";

const text = fc.string({ unit: "grapheme", maxLength: 30 });
const named = fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 });
const context = fc.record(
  {
    userId: named,
    companyId: named,
    role: fc.constantFrom("admin", "user"),
    type: fc.constantFrom("agency", "location"),
    activeLocation: named,
    userName: text,
    email: text,
  },
  { requiredKeys: ["userId", "companyId", "role", "type", "userName", "email"] },
);
const salt = fc.uint8Array({ minLength: 8, maxLength: 8 });
const errorOf = (payload: unknown, sharedSecret = SECRET): Promise<unknown> =>
  decryptUserContext(payload, { sharedSecret }).then(
    () => undefined,
    (error: unknown) => error,
  );

test(
  "every payload that is encrypted can be decrypted",
  async () => {
    await fc.assert(
      fc.asyncProperty(context, named, salt, async (expected, sharedSecret, bytes) => {
        const payload = await encrypt(JSON.stringify(expected), sharedSecret, bytes);
        expect(await decryptUserContext(payload, { sharedSecret })).toEqual(expected);
      }),
    );
  },
  PROPERTY_TIMEOUT_MS,
);

/** Fixed seed of the corruptions. Without a MAC, about one in a million corrupted blocks is valid text again. */
const SEED = 20_261_121;
const corruption = fc.oneof(
  fc.record({ kind: fc.constant("flip" as const), at: fc.nat(), bit: fc.nat(7) }),
  fc.record({ kind: fc.constant("cut" as const), at: fc.nat(), bit: fc.nat(7) }),
  fc.record({ kind: fc.constant("insert" as const), at: fc.nat(), bit: fc.nat(255) }),
  fc.record({ kind: fc.constant("swap" as const), at: fc.nat(), bit: fc.nat() }),
);

function corrupted(payload: Uint8Array, { kind, at, bit }: { kind: string; at: number; bit: number }): Uint8Array {
  const bytes = payload.slice();
  const index = at % bytes.length;
  if (kind === "cut") return bytes.slice(0, index);
  if (kind === "insert") return new Uint8Array([...bytes.slice(0, index), bit, ...bytes.slice(index)]);
  if (kind === "flip") bytes[index]! ^= 1 << bit;
  else {
    const other = bit % bytes.length;
    [bytes[index], bytes[other]] = [bytes[other]!, bytes[index]!];
  }
  return bytes;
}

test(
  "any corrupted payload is the one error",
  async () => {
    await fc.assert(
      fc.asyncProperty(context, salt, corruption, async (expected, bytes, change) => {
        const payload = fromBase64(await encrypt(JSON.stringify(expected), SECRET, bytes));
        const broken = corrupted(payload, change);
        fc.pre(broken.length !== payload.length || broken.some((byte, index) => byte !== payload[index]));
        expect(await errorOf(resealed(broken))).toBeInstanceOf(UserContextError);
      }),
      { seed: SEED },
    );
  },
  PROPERTY_TIMEOUT_MS,
);

test(
  "any text, and any plaintext that is no context, is the one error",
  async () => {
    const noise = fc.oneof(
      fc.string(),
      fc.base64String(),
      fc.anything(),
      fc.uint8Array({ maxLength: 100 }).map((bytes) => encrypt(bytes as Uint8Array<ArrayBuffer>)),
      fc.json().map((json) => encrypt(json)),
    );
    await fc.assert(
      fc.asyncProperty(noise, async (payload) => {
        expect(await errorOf(await payload)).toBeInstanceOf(UserContextError);
      }),
    );
  },
  PROPERTY_TIMEOUT_MS,
);
