import { afterEach, describe, expect, it, vi } from "vitest";
import { createDeliverySecret, createDeliverySigner, signDelivery } from "../../src/gateway.ts";
import { bytes, code, ID, OTHER_SECRET, SECRET, THIRD_SECRET } from "./support.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const attempt = { id: ID, timestampSeconds: 1_700_000_000, body: "{}" };

describe("a secret", () => {
  it("a secret is whsec_ and 32 random bytes, different each time", async () => {
    const secrets = Array.from({ length: 100 }, createDeliverySecret);
    expect(new Set(secrets).size).toBe(100);
    for (const secret of secrets) expect(atob(secret.replace(/^whsec_/, ""))).toHaveLength(32);
    await expect(signDelivery({ ...attempt, secrets })).resolves.toBeDefined();
  });

  it.each([
    ["of 23 bytes", `whsec_${btoa("x".repeat(23))}`],
    ["of 65 bytes", `whsec_${btoa("x".repeat(65))}`],
    ["without its prefix", btoa("x".repeat(32))],
    ["with the prefix of a public key", `whpk_${btoa("x".repeat(32))}`],
    ["without padding", SECRET.slice(0, -1)],
    ["with a line feed", `${SECRET}\n`],
    ["not base64", `whsec_${"*".repeat(44)}`],
    ["of hex", `whsec_${"0".repeat(63)}`],
    ["empty", ""],
    ["not set", undefined as unknown as string],
  ])("%s is refused at once, without quoting it", (_, secret) => {
    const signer = () => createDeliverySigner({ secrets: [SECRET, secret] });
    expect(signer).toThrow(code("CONFIGURATION"));
    if (secret) expect(signer).not.toThrow(secret.trim());
  });

  it("a secret is required", () => {
    expect(() => createDeliverySigner({ secrets: [] })).toThrow(code("CONFIGURATION"));
    expect(() => createDeliverySigner({ secrets: SECRET as unknown as string[] })).toThrow(code("CONFIGURATION"));
  });
});

describe("a signature", () => {
  // The value was made with `openssl dgst -sha256 -mac HMAC -macopt hexkey:0101… -binary | base64` over `evt_01.1700000000.{"a":"é"}`.
  it("a signature is HMAC-SHA256 over id, time and the bytes of the body", async () => {
    const want = {
      "webhook-id": "evt_01",
      "webhook-timestamp": "1700000000",
      "webhook-signature": "v1,wLOMnifD3y4Fq3wh1cfZBqz9cLhCGnmv1Gw+NA4UB4Q=",
    };
    for (const body of ['{"a":"é"}', bytes('{"a":"é"}')]) {
      expect(await signDelivery({ ...attempt, body, secrets: [SECRET] })).toEqual(want);
    }
  });

  it("a signature is made with every secret, in their order, separated by a space", async () => {
    const one = (secret: string) => signDelivery({ ...attempt, secrets: [secret] });
    const each = await Promise.all([SECRET, OTHER_SECRET, THIRD_SECRET].map(one));
    const all = await signDelivery({ ...attempt, secrets: [SECRET, OTHER_SECRET, THIRD_SECRET] });
    expect(all["webhook-signature"]).toBe(each.map((headers) => headers["webhook-signature"]).join(" "));
  });

  it("the signer imports each secret once for many deliveries", async () => {
    const imported = vi.spyOn(crypto.subtle, "importKey");
    const signer = createDeliverySigner({ secrets: [SECRET, OTHER_SECRET] });
    for (let index = 0; index < 5; index++) await signer.sign(attempt);
    expect(imported).toHaveBeenCalledTimes(2);
  });

  it.each(["", "evt.1", "evt,1", "evt 1", "evt_é", "evt\n", "x".repeat(257)])(
    "a signature is refused for the id %j",
    async (id) => {
      await expect(signDelivery({ ...attempt, id, secrets: [SECRET] })).rejects.toEqual(code("CONFIGURATION"));
    },
  );

  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 1e21])(
    "a signature is refused for the time %s",
    async (timestampSeconds) => {
      await expect(signDelivery({ ...attempt, timestampSeconds, secrets: [SECRET] })).rejects.toEqual(
        code("CONFIGURATION"),
      );
    },
  );
});
