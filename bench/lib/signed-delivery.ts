import { generateKeyPairSync, sign } from "node:crypto";
import type { SignedDelivery } from "../peers/verifiers.ts";

/** Bytes of a usual contact event. */
const BODY_BYTES = 1163;

/** A contact event of now under a key made for it. */
export function signedDelivery(): SignedDelivery {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const event = {
    type: "ContactCreate",
    timestamp: new Date().toISOString(),
    appId: "5f0000000000000000000001",
    webhookId: crypto.randomUUID(),
    locationId: "l1",
    id: "c1",
    email: "ada@example.com",
    note: "",
  };
  event.note = "x".repeat(BODY_BYTES - JSON.stringify(event).length);
  const body = Uint8Array.from(new TextEncoder().encode(JSON.stringify(event)));
  return {
    body,
    signature: sign(null, body, privateKey).toString("base64"),
    publicKeyPem: publicKey.export({ type: "spki", format: "pem" }).toString(),
  };
}
