import { toBase64, toHex } from "@ghl-edge/core";
import { beforeAll, describe, expect, it, vi } from "vitest";
import {
  createWebhookVerifier,
  HIGHLEVEL_LEGACY_RSA_PUBLIC_KEY,
  HIGHLEVEL_PUBLIC_KEY,
  type VerifierOptions,
  verifyWebhook,
} from "../../src/index.ts";
import { createTestSigner, type TestSigner } from "../../src/testing.ts";
import { ed25519Material, rsaMaterial } from "../../src/verify/public-key.ts";

const code = (name: string) => expect.objectContaining({ code: `ERR_GHL_WEBHOOK_${name}` });
const BODY = '{"type":"ContactCreate"}';
const bytes = (text: string) => new TextEncoder().encode(text);
const sha256 = async (data: Uint8Array<ArrayBuffer>) =>
  toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", data)));
const fromBase64 = (text: string) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

describe("the built-in keys", () => {
  // The values are those of docs/design/webhooks.md, from HighLevel's documents. Mistyped copies of the RSA key are in circulation.
  it("the built-in keys are HighLevel's, by the SHA-256 of their DER", async () => {
    expect(await sha256(fromBase64(HIGHLEVEL_PUBLIC_KEY))).toBe(
      "5a2c1b2749d3efcc233fb27d4ab43d56b8d20818c42cd226f6c9a3ff20d3097c",
    );
    expect(await sha256(fromBase64(HIGHLEVEL_LEGACY_RSA_PUBLIC_KEY))).toBe(
      "2f62045d413b1b7747e26770ce7f57840cbf86288cd20ceb90d299a62501fd25",
    );
  });

  it("the built-in keys are the default", async () => {
    const signer = await createTestSigner();
    const delivery = { body: BODY, headers: { "x-ghl-signature": await signer.sign(BODY) } };
    await expect(verifyWebhook(delivery)).rejects.toEqual(code("SIGNATURE_MISMATCH"));
    const rsa = { body: BODY, headers: { "x-wh-signature": btoa("x".repeat(512)) } };
    await expect(verifyWebhook({ ...rsa, legacyRsa: true })).rejects.toEqual(code("SIGNATURE_MISMATCH"));
  });
});

describe("Ed25519 keys", () => {
  let signer: TestSigner;
  let headers: Record<string, string>;
  beforeAll(async () => {
    signer = await createTestSigner();
    headers = { "x-ghl-signature": await signer.sign(BODY) };
  });

  it("Ed25519 keys are accepted in every usual format", async () => {
    const der = fromBase64(signer.publicKey);
    const raw = der.slice(-32);
    const forms = [
      signer.publicKey,
      `-----BEGIN PUBLIC KEY-----\n${signer.publicKey}\n-----END PUBLIC KEY-----\n`,
      `-----BEGIN PUBLIC KEY-----\r\n${signer.publicKey.slice(0, 20)}\r\n${signer.publicKey.slice(20)}\r\n-----END PUBLIC KEY-----`,
      `-----BEGIN PUBLIC KEY-----\\n${signer.publicKey}\\n-----END PUBLIC KEY-----\\n`,
      `-----BEGIN PUBLIC KEY-----\\r\\n${signer.publicKey}\\r\\n-----END PUBLIC KEY-----`,
      `"-----BEGIN PUBLIC KEY-----\\n${signer.publicKey}\\n-----END PUBLIC KEY-----"`,
      `${signer.publicKey}\\n`,
      toBase64(raw),
      toHex(raw),
      toHex(raw).toUpperCase(),
      raw,
      der,
    ];
    for (const key of forms) {
      await expect(verifyWebhook({ body: BODY, headers, keys: [key] })).resolves.toMatchObject({ keyIndex: 0 });
    }
  });

  it("Ed25519 keys may be several, and the result has the index of the one that signed", async () => {
    const other = await createTestSigner();
    const verifier = createWebhookVerifier({ keys: [other.publicKey, HIGHLEVEL_PUBLIC_KEY, signer.publicKey] });
    expect(await verifier.verifySignature({ body: BODY, headers })).toEqual({ scheme: "ed25519", keyIndex: 2 });
  });

  it("Ed25519 keys are imported once for a list, and again when the list has changed", async () => {
    const other = await createTestSigner();
    const imports = vi.spyOn(crypto.subtle, "importKey");
    const keys = [signer.publicKey];
    // Node also uses WebCrypto for bodies of this size.
    const large = { body: `{"text":"${"x".repeat(70_000)}"}`, headers: {} as Record<string, string> };
    large.headers["x-ghl-signature"] = await signer.sign(large.body);
    for (let i = 0; i < 3; i++) await verifyWebhook({ ...large, keys });
    expect(imports).toHaveBeenCalledTimes(1);
    keys[0] = other.publicKey;
    await expect(verifyWebhook({ body: BODY, headers, keys })).rejects.toEqual(code("SIGNATURE_MISMATCH"));
    const bytes = fromBase64(signer.publicKey);
    const raw = [bytes];
    await verifyWebhook({ body: BODY, headers, keys: raw });
    bytes.fill(1, -32);
    await expect(verifyWebhook({ body: BODY, headers, keys: raw })).rejects.toEqual(code("SIGNATURE_MISMATCH"));
    imports.mockRestore();
  });

  it.each([
    "",
    "abc",
    "-----BEGIN PUBLIC KEY-----",
    toHex(new Uint8Array(31)),
    HIGHLEVEL_LEGACY_RSA_PUBLIC_KEY,
    "A".repeat(60),
  ])("Ed25519 keys are refused at construction when invalid: %s", (key) => {
    expect(() => createWebhookVerifier({ keys: [key] })).toThrow(code("CONFIGURATION"));
    expect(() => ed25519Material(key)).toThrow(code("CONFIGURATION"));
  });
});

describe("invalid options", () => {
  const cases: [string, VerifierOptions][] = [
    ["nothing to verify with", { keys: [] }],
    ["an empty app id", { appId: "" }],
    ["no app id in the list", { appId: [] }],
    ["a negative tolerance", { toleranceMs: -1 }],
    ["a tolerance that is no number", { toleranceMs: Number.NaN }],
    ["a tolerance that is text", { toleranceMs: "60000" as unknown as number }],
    ["a negative tolerance for the future", { futureToleranceMs: -1 }],
    ["a text for a flag", { requireAppId: "false" as unknown as boolean }],
    ["a text for the other flag", { requireTimestamp: "false" as unknown as boolean }],
    ["a clock that is no function", { now: 5 as unknown as () => number }],
    ["an empty secret", { hmac: { secrets: [""] } }],
    ["a text for a list of secrets", { hmac: { secrets: "secret" as unknown as string[] } }],
    ["secrets that were forgotten", { hmac: {} as { secrets: string[] } }],
    ["a text for a list of keys", { keys: HIGHLEVEL_PUBLIC_KEY as unknown as string[] }],
    ["a number for a list of keys", { keys: 5 as unknown as string[] }],
    ["a key that was not set", { keys: [undefined as unknown as string] }],
    ["a number for a key", { keys: [5 as unknown as string] }],
    ["a text for legacyRsa", { legacyRsa: "true" as unknown as boolean }],
    ["an RSA key that is none", { legacyRsa: { keys: [HIGHLEVEL_PUBLIC_KEY] } }],
    ["a wrong word", { outsideWindow: "ignore" as "report" }],
  ];
  it.each(cases)("invalid options are refused before any delivery: %s", (_, options) => {
    expect(() => createWebhookVerifier(options)).toThrow(code("CONFIGURATION"));
  });

  it("invalid options include an RSA key that the runtime rejects", async () => {
    const garbage = new Uint8Array(300).fill(0x30);
    const verifier = createWebhookVerifier({ legacyRsa: { keys: [garbage] } });
    const headers = { "x-wh-signature": btoa("x".repeat(256)) };
    await expect(verifier.verify({ body: BODY, headers })).rejects.toEqual(code("CONFIGURATION"));
    expect(() => rsaMaterial("AAAA")).toThrow(code("CONFIGURATION"));
  });
});

describe("an RSA signature", () => {
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  let key: string;
  let signature: string;
  beforeAll(async () => {
    const generated = { ...algorithm, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };
    const pair = await crypto.subtle.generateKey(generated, true, ["sign", "verify"]);
    key = toBase64(new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey)));
    signature = toBase64(new Uint8Array(await crypto.subtle.sign(algorithm, pair.privateKey, bytes(BODY))));
  });

  it("an RSA signature is refused unless enabled", async () => {
    const headers = { "x-wh-signature": signature };
    await expect(verifyWebhook({ body: BODY, headers })).rejects.toEqual(code("SIGNATURE_MISSING"));
    const options = { legacyRsa: { keys: [key] } };
    await expect(verifyWebhook({ body: BODY, headers, ...options })).resolves.toMatchObject({ scheme: "rsa" });
    await expect(verifyWebhook({ body: `${BODY} `, headers, ...options })).rejects.toEqual(code("SIGNATURE_MISMATCH"));
    const cut = { "x-wh-signature": signature.slice(4) };
    await expect(verifyWebhook({ body: BODY, headers: cut, ...options })).rejects.toEqual(code("SIGNATURE_MALFORMED"));
  });

  it("an RSA signature does not save a delivery with a wrong Ed25519 signature", async () => {
    const other = await createTestSigner();
    const headers = { "x-ghl-signature": await other.sign(BODY), "x-wh-signature": signature };
    const delivery = { body: BODY, headers, legacyRsa: { keys: [key] } };
    await expect(verifyWebhook(delivery)).rejects.toMatchObject({
      code: "ERR_GHL_WEBHOOK_SIGNATURE_MISMATCH",
      scheme: "ed25519",
    });
    const absent = { ...delivery, headers: { ...headers, "x-ghl-signature": "N/A" } };
    await expect(verifyWebhook(absent)).resolves.toMatchObject({ scheme: "rsa" });
  });
});

describe("an HMAC signature", () => {
  const SECRET = "a secret of the test";
  async function hmac(secret: string): Promise<Uint8Array> {
    const key = await crypto.subtle.importKey("raw", bytes(secret), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    return new Uint8Array(await crypto.subtle.sign("HMAC", key, bytes(BODY)));
  }

  it("an HMAC signature is refused unless enabled, and then accepted in hex and base64, with and without a prefix", async () => {
    const mac = await hmac(SECRET);
    for (const value of [
      toHex(mac),
      toHex(mac).toUpperCase(),
      toBase64(mac),
      `sha256=${toHex(mac)}`,
      `sha256=${toBase64(mac)}`,
    ]) {
      const headers = { "x-highlevel-signature": value };
      await expect(verifyWebhook({ body: BODY, headers })).rejects.toEqual(code("SIGNATURE_MISSING"));
      const options = { keys: [], hmac: { secrets: ["an older secret", SECRET] } };
      await expect(verifyWebhook({ body: BODY, headers, ...options })).resolves.toMatchObject({
        scheme: "hmac",
        keyIndex: 1,
      });
    }
  });

  it("an HMAC signature is refused with another secret, another body or another format", async () => {
    const options = { hmac: { secrets: [SECRET] } };
    const foreign = { "x-highlevel-signature": toHex(await hmac("another secret")) };
    await expect(verifyWebhook({ body: BODY, headers: foreign, ...options })).rejects.toEqual(
      code("SIGNATURE_MISMATCH"),
    );
    const headers = { "x-highlevel-signature": toHex(await hmac(SECRET)) };
    await expect(verifyWebhook({ body: `${BODY}\n`, headers, ...options })).rejects.toEqual(code("SIGNATURE_MISMATCH"));
    const short = { "x-highlevel-signature": "sha256=abcd" };
    await expect(verifyWebhook({ body: BODY, headers: short, ...options })).rejects.toEqual(
      code("SIGNATURE_MALFORMED"),
    );
  });
});
