/** Tests with the reference implementation of Standard Webhooks: each side verifies the signatures of the other. */
import fc from "fast-check";
import { Webhook, WebhookVerificationError } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { createDeliverySecret, createDeliverySigner, createDeliveryVerifier } from "../../src/gateway.ts";
import { code, envelope, OTHER_SECRET, SECRET, THIRD_SECRET, text } from "./support.ts";

const id = fc.stringMatching(/^[\w-]{1,40}$/);
const secret = fc
  .uint8Array({ minLength: 24, maxLength: 64 })
  .map((key) => `whsec_${btoa(String.fromCharCode(...key))}`);
/** The reference reads the real clock. */
const timestampSeconds = Math.floor(Date.now() / 1000);

it("both implementations create the same signature", async () => {
  await fc.assert(
    fc.asyncProperty(id, secret, fc.json(), async (id, secret, body) => {
      const headers = await createDeliverySigner({ secrets: [secret] }).sign({ id, timestampSeconds, body });
      expect(headers["webhook-signature"]).toBe(new Webhook(secret).sign(id, new Date(timestampSeconds * 1000), body));
    }),
    { numRuns: 100 },
  );
});

describe("the reference implementation", () => {
  it("the reference implementation verifies our envelopes, with a secret of ours", async () => {
    const secret = createDeliverySecret();
    const body = text(envelope({}, '{"name":"José 😀","n":12345678901234567890}'));
    const headers = await createDeliverySigner({ secrets: [secret] }).sign({ id: "evt_01", timestampSeconds, body });
    expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
    expect(() => new Webhook(secret).verify(`${body} `, headers)).toThrow(WebhookVerificationError);
  });

  it("the reference implementation verifies with both secrets during a rotation, and with no third one", async () => {
    const signer = createDeliverySigner({ secrets: [SECRET, OTHER_SECRET] });
    const headers = await signer.sign({ id: "evt_01", timestampSeconds, body: "{}" });
    for (const known of [SECRET, OTHER_SECRET]) expect(new Webhook(known).verify("{}", headers)).toEqual({});
    expect(() => new Webhook(THIRD_SECRET).verify("{}", headers)).toThrow(WebhookVerificationError);
  });
});

describe("a delivery that the reference implementation signs", () => {
  it("a delivery that the reference implementation signs is accepted", async () => {
    const verifier = createDeliveryVerifier({ secrets: [SECRET] });
    const body = text(envelope());
    const headers = {
      "webhook-id": "evt_01",
      "webhook-timestamp": String(timestampSeconds),
      "webhook-signature": new Webhook(SECRET).sign("evt_01", new Date(timestampSeconds * 1000), body),
    };
    expect(await verifier.verify({ body, headers })).toMatchObject({ id: "evt_01", name: "ContactCreate" });
    await expect(verifier.verify({ body: `${body} `, headers })).rejects.toEqual(code("SIGNATURE_MISMATCH"));
  });
});
