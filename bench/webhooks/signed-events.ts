import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { DEFAULT_APP } from "@ghl-edge/emulator";

/** Bytes of a usual contact event. */
const BODY_BYTES = 1_163;

/** A client id is the app's id, a hyphen and a suffix. */
const APP_ID_LENGTH = 24;

/** HighLevel's key of one run. */
export interface EventKey {
  /** For `WEBHOOK_PUBLIC_KEYS`. */
  readonly publicKey: string;
  readonly privateKey: KeyObject;
}

export function createEventKey(): EventKey {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  return { publicKey: publicKey.export({ type: "spki", format: "der" }).toString("base64"), privateKey };
}

/** One event as it would be posted; the same number and time are the same event. */
export function signedEvent(
  { privateKey }: EventKey,
  { number, atMs, ...properties }: { number: number; atMs: number; locationId: string; type: string },
) {
  const webhookId = `00000000-0000-4000-8000-${number.toString(16).padStart(12, "0")}`;
  const appId = DEFAULT_APP.clientId.slice(0, APP_ID_LENGTH);
  const event = {
    ...properties,
    appId,
    timestamp: new Date(atMs).toISOString(),
    webhookId,
    id: webhookId,
    number,
    note: "",
  };
  event.note = "x".repeat(Math.max(0, BODY_BYTES - JSON.stringify(event).length));
  const body = JSON.stringify(event);
  // node:crypto and not WebCrypto: who sends shares two cores with what it loads
  const signature = sign(null, Buffer.from(body), privateKey).toString("base64");
  return { body, headers: { "content-type": "application/json", "x-ghl-signature": signature } };
}
