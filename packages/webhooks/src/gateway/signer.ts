import { toBase64 } from "../encoding.ts";
import { WebhookConfigurationError } from "../errors.ts";
import { HMAC_ALGORITHM, hmacKey } from "../verify/lazy-key.ts";
import { readSecrets } from "./secret.ts";
import { isDeliveryId, signedContent, V1 } from "./signed-content.ts";

export interface SignerOptions {
  /** `whsec_…`. Several while they are rotated: each signs, so that a receiver may know any of them. */
  readonly secrets: readonly string[];
}

/** One attempt to deliver. */
export interface DeliveryToSign {
  /** The same over all attempts: what the receiver de-duplicates by. Visible ASCII without full stop and comma. */
  readonly id: string;
  /** The time of this attempt in seconds since 1970. */
  readonly timestampSeconds: number;
  /** The body exactly as it is sent. */
  readonly body: string | Uint8Array;
}

/** The headers of Standard Webhooks. A type and no interface, so that it goes wherever a record of texts does: `fetch`, `Headers`. */
export type DeliveryHeaders = Readonly<Record<"webhook-id" | "webhook-timestamp" | "webhook-signature", string>>;

/** Signs deliveries with keys that are imported once and live as long as this object. */
export interface DeliverySigner {
  /** Throws WebhookConfigurationError for an id or a time that cannot be signed. */
  sign(delivery: DeliveryToSign): Promise<DeliveryHeaders>;
}

/** Throws WebhookConfigurationError at once when a secret cannot be used. */
export function createDeliverySigner({ secrets }: SignerOptions): DeliverySigner {
  const keys = readSecrets(secrets).map((bytes) => hmacKey(bytes, "sign"));
  const encoder = new TextEncoder();
  return {
    async sign({ id, timestampSeconds, body }) {
      if (!isDeliveryId(id)) {
        throw new WebhookConfigurationError("a delivery's id is 1 to 256 visible ASCII characters without . and ,");
      }
      if (!Number.isSafeInteger(timestampSeconds) || timestampSeconds < 0) {
        throw new WebhookConfigurationError("timestampSeconds must be a whole number of seconds since 1970");
      }
      const timestamp = String(timestampSeconds);
      const content = signedContent(id, timestamp, typeof body === "string" ? encoder.encode(body) : body);
      const signatures: string[] = [];
      for (const { imported, load } of keys) {
        const mac = await crypto.subtle.sign(HMAC_ALGORITHM.name, imported() ?? (await load()), content);
        signatures.push(V1 + toBase64(new Uint8Array(mac)));
      }
      return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures.join(" ") };
    },
  };
}

/** Signs one delivery. Imports the secrets each time; where many are signed, make one `createDeliverySigner` and keep it. */
export async function signDelivery({ secrets, ...delivery }: DeliveryToSign & SignerOptions): Promise<DeliveryHeaders> {
  return await createDeliverySigner({ secrets }).sign(delivery);
}
