import { generateKeyPairSync, sign } from "node:crypto";
import { DEFAULT_APP } from "@ghl-edge/emulator";

/** Bytes of a usual contact event. */
const BODY_BYTES = 1_163;

export interface SignedEvent {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The values that an event is made of. The same values make the same bytes. */
export interface EventFields {
  /** The payload carries this number, so that received events can be compared with sent ones. */
  readonly number: number;
  readonly locationId: string;
  /** Signed time. */
  readonly atMs: number;
  readonly type?: string;
}

/** A client id is the app's id, a hyphen and a suffix. */
const APP_ID_LENGTH = 24;

/** Signs events as HighLevel does, with a key made for this run. */
export interface EventMaker {
  /** For `WEBHOOK_PUBLIC_KEYS`. */
  readonly publicKey: string;
  make(fields: EventFields): SignedEvent;
}

export function createEventMaker(): EventMaker {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  return {
    publicKey: publicKey.export({ type: "spki", format: "der" }).toString("base64"),
    make({ number, locationId, atMs, type = "ContactCreate" }) {
      const digits = number.toString(16).padStart(12, "0");
      const event = {
        type,
        timestamp: new Date(atMs).toISOString(),
        appId: DEFAULT_APP.clientId.slice(0, APP_ID_LENGTH),
        webhookId: `00000000-0000-4000-8000-${digits}`,
        locationId,
        id: `c0ntact${digits}`,
        number,
        note: "",
      };
      event.note = "x".repeat(Math.max(0, BODY_BYTES - JSON.stringify(event).length));
      const body = JSON.stringify(event);
      // node:crypto and not WebCrypto: the sender shares two cores with what it loads
      const signature = sign(null, Buffer.from(body), privateKey).toString("base64");
      return { body, headers: { "content-type": "application/json", "x-ghl-signature": signature } };
    },
  };
}

/** Ids of so many locations. */
export const locationIds = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `lOcAtIoN${String(index + 1).padStart(12, "0")}`);
