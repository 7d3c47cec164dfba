import { describe, expect, test } from "vitest";
import { ConfigurationError, decryptUserContext, UserContextError } from "../../src/user-context.ts";
import { encrypt, fromBase64, resealed, SECRET } from "./encrypt.ts";

/** This payload was made with OpenSSL: `openssl enc -aes-256-cbc -md md5 -a -A -S 0102030405060708`. */
const VECTOR =
  "U2FsdGVkX18BAgMEBQYHCFdukKKXL56W7TS1pvgDV4+WNlzlz3+AIW7bD0uMepESxVH7BwtA75KppQNH8Y87kOM7cMMYt078aJNwBB1bB+UVb4wH04x1o3Bnxe1dGvqcZT4FReE3U9J0Z77yLQkCegZuOtF4sgrJKxjPauB3vemO08oN4ZPs3s+Sr2SFlln0";
const context = {
  userId: "u1",
  companyId: "c1",
  role: "admin",
  type: "location",
  activeLocation: "l1",
  userName: "A B",
  email: "a@b.co",
};
const decrypt = (payload: unknown, sharedSecret: string | string[] = SECRET) =>
  decryptUserContext(payload, { sharedSecret });

describe("a user context", () => {
  test("a user context equals that of the test vector", async () => {
    expect(await decrypt(VECTOR)).toEqual(context);
  });

  test("a user context outside a sub-account has no active location", async () => {
    const { activeLocation: _none, ...rest } = context;
    for (const activeLocation of [undefined, null, ""]) {
      expect(await decrypt(await encrypt(JSON.stringify({ ...rest, activeLocation })))).toEqual(rest);
    }
  });

  test("a user context preserves names in other scripts, and has no undocumented field but isAgencyOwner", async () => {
    const wide = { ...context, userName: "Zoë 李 🦊" };
    expect(await decrypt(await encrypt(JSON.stringify({ ...wide, isAgencyOwner: true, other: 1 })))).toEqual({
      ...wide,
      isAgencyOwner: true,
    });
    expect(await decrypt(await encrypt(JSON.stringify({ ...wide, isAgencyOwner: "yes" })))).toEqual(wide);
  });

  test.each([0, 1, 15, 16, 17])("a user context is decrypted with any padding (%i more characters)", async (more) => {
    const padded = { ...context, userName: "x".repeat(more) };
    expect(await decrypt(await encrypt(JSON.stringify(padded)))).toEqual(padded);
  });

  test("a user context is decrypted with the old or the new secret during a rotation", async () => {
    expect(await decrypt(VECTOR, ["new secret", SECRET])).toEqual(context);
    expect(await decrypt(VECTOR, [SECRET, "new secret"])).toEqual(context);
  });

  test("a user context is read with a secret beyond ASCII", async () => {
    expect(await decrypt(await encrypt(JSON.stringify(context), "schlüssel"), "schlüssel")).toEqual(context);
  });
});

async function errorOf(work: Promise<unknown>): Promise<Error> {
  return work.then(
    () => expect.fail("was read"),
    (error: Error) => error,
  );
}

const changed = (change: (bytes: Uint8Array) => Uint8Array): string => resealed(change(fromBase64(VECTOR)));
const flipped = (at: number): string =>
  changed((bytes) => bytes.with(at < 0 ? bytes.length + at : at, bytes.at(at)! ^ 1));
/** Complete blocks that end in spaces, which are valid in JSON, without the final block of padding. */
async function unpadded(end: string): Promise<string> {
  const text = JSON.stringify(context);
  const payload = await encrypt(text.padEnd(Math.ceil(text.length / 16) * 16 + 48 - end.length, " ") + end);
  return resealed(fromBase64(payload).slice(0, -16));
}
const with_ = (fields: object): Promise<string> => encrypt(JSON.stringify({ ...context, ...fields }));

describe("the error of an invalid payload", () => {
  test.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["an object", { payload: VECTOR }],
    ["an empty text", ""],
    ["no base64", `${VECTOR}*`],
    ["cut base64", VECTOR.slice(0, -1)],
    ["another mark", flipped(0)],
    ["another salt", flipped(8)],
    ["a changed first block", flipped(16)],
    ["a changed last block", flipped(-1)],
    ["a block less", changed((bytes) => bytes.slice(0, -16))],
    ["half a block less", changed((bytes) => bytes.slice(0, -8))],
    ["no ciphertext", changed((bytes) => bytes.slice(0, 16))],
    ["a header alone", changed((bytes) => bytes.slice(0, 12))],
    ["too much", VECTOR + "A".repeat(20_000)],
    ["a padding that is none", encrypt(new Uint8Array([...new TextEncoder().encode(JSON.stringify(context)), 0xff]))],
    ["no padding at all behind what would be JSON", unpadded("    ")],
    ["a padding of which only the last byte is right", unpadded("  \u0003")],
    ["invalid UTF-8", encrypt(new Uint8Array([0x22, 0xff, 0x22]))],
    ["no JSON", encrypt("hello")],
    ["JSON of no object", encrypt("[]")],
    ["null inside", encrypt("null")],
    ["no user", with_({ userId: undefined })],
    ["an empty company", with_({ companyId: "" })],
    ["a role that is no text", with_({ role: 1 })],
    ["no type", with_({ type: null })],
    ["a location that is no text", with_({ activeLocation: ["l1"] })],
    ["a name that is no text", with_({ userName: {} })],
    ["no email", with_({ email: undefined })],
  ])("the error of an invalid payload is equal for %s", async (_name, payload) => {
    const error = await errorOf(decrypt(await payload));
    const reference = await errorOf(decrypt("reference"));
    expect(error).toBeInstanceOf(UserContextError);
    expect({ ...error, message: error.message, name: error.name }).toEqual({
      ...reference,
      message: reference.message,
      name: reference.name,
    });
    expect(error.cause).toBeUndefined();
  });

  test("the error of an invalid payload is equal for the secret of another app", async () => {
    expect(await errorOf(decrypt(VECTOR, "another secret"))).toBeInstanceOf(UserContextError);
  });

  test("the error of an invalid payload does not come from Web Crypto: an invalid padding is decrypted and checked like a valid one", async () => {
    const calls: string[] = [];
    const counted = new Proxy(crypto.subtle, {
      get: (target, name: keyof SubtleCrypto) => {
        const own = target[name] as (...args: unknown[]) => unknown;
        return (...args: unknown[]) => {
          calls.push(name);
          return own.apply(target, args);
        };
      },
    });
    const tried = async (payload: string): Promise<string[]> => {
      calls.length = 0;
      await decryptUserContext(payload, { sharedSecret: SECRET, crypto: counted }).catch(() => undefined);
      return [...calls];
    };
    const right = await tried(VECTOR);
    expect(right).toEqual(["importKey", "encrypt", "decrypt"]);
    expect(await tried(flipped(-1))).toEqual(right);
  });
});

test.each(["", [], [""], [SECRET, ""], undefined])(
  "the secret %o is refused as a configuration error",
  async (sharedSecret) => {
    await expect(decryptUserContext(VECTOR, { sharedSecret: sharedSecret as string })).rejects.toBeInstanceOf(
      ConfigurationError,
    );
  },
);
