import { describeValue, toBase64 } from "@ghl-edge/core";
import { WebhookConfigurationError } from "../errors.ts";
import { HMAC_ALGORITHM, hmacKey } from "../verify/lazy-key.ts";
import { readSecrets } from "./secret.ts";
import { isDeliveryId, signedContent, V1 } from "./signed-content.ts";

/** Options of `createDeliverySigner`. */
export interface SignerOptions {
  /** Secrets (`whsec_…`). Pass several during a rotation: each one signs, so the endpoint needs only one of them. */
  readonly secrets: readonly string[];
}

/** One delivery attempt. */
export interface DeliveryToSign {
  /** Id of the event, equal on all attempts, by which the endpoint de-duplicates. Visible ASCII without full stop and comma. */
  readonly id: string;
  /** Time of this attempt in seconds since 1970. */
  readonly timestampSeconds: number;
  /** The exact body of the request. */
  readonly body: string | Uint8Array;
}

/**
 * The headers of Standard Webhooks. It is a type and not an interface, so that `fetch` and `Headers` accept it.
 *
 * @see https://www.standardwebhooks.com
 */
export type DeliveryHeaders = Readonly<Record<"webhook-id" | "webhook-timestamp" | "webhook-signature", string>>;

/** Signs deliveries with keys that it imports once. */
export interface DeliverySigner {
  /**
   * Returns the three headers of a delivery.
   *
   * @param delivery - Id, time and body
   * @returns The headers
   * @throws {WebhookConfigurationError} for an invalid id or time (`ERR_GHL_WEBHOOK_CONFIGURATION`)
   */
  sign(delivery: DeliveryToSign): Promise<DeliveryHeaders>;
}

/**
 * Creates a signer of deliveries as Standard Webhooks defines them (`v1`, HMAC-SHA256). It is our own, because it signs with several
 * secrets during a rotation and uses WebCrypto; tests hold it to the reference implementation.
 *
 * @param options - The secrets
 * @returns The signer
 * @throws {WebhookConfigurationError} when a secret is invalid (`ERR_GHL_WEBHOOK_CONFIGURATION`)
 * @see https://www.standardwebhooks.com
 * @example
 * ```ts
 * import { createDeliverySecret, createDeliverySigner } from "@ghl-edge/webhooks/gateway";
 *
 * const signer = createDeliverySigner({ secrets: [createDeliverySecret()] });
 * const headers = await signer.sign({ id: "evt_1", timestampSeconds: Math.floor(Date.now() / 1000), body: "{}" });
 * console.log(headers["webhook-signature"]);
 * ```
 */
export function createDeliverySigner({ secrets }: SignerOptions): DeliverySigner {
  const keys = readSecrets(secrets).map((bytes) => hmacKey(bytes, "sign"));
  const encoder = new TextEncoder();
  return {
    async sign({ id, timestampSeconds, body }) {
      if (!isDeliveryId(id)) {
        throw new WebhookConfigurationError(
          `id must be 1 to 256 visible ASCII characters other than "." and ",", got ${describeValue(id)}`,
        );
      }
      if (!Number.isSafeInteger(timestampSeconds) || timestampSeconds < 0) {
        throw new WebhookConfigurationError(
          `timestampSeconds must be a whole number of seconds since 1970, got ${timestampSeconds}`,
        );
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

/**
 * Signs one delivery. It imports the secrets on every call: to sign many deliveries, create one signer with `createDeliverySigner`.
 *
 * @param delivery - The delivery and the secrets
 * @returns The three headers
 * @throws {WebhookConfigurationError} when a secret, the id or the time is invalid (`ERR_GHL_WEBHOOK_CONFIGURATION`)
 * @example
 * ```ts
 * import { createDeliverySecret, signDelivery } from "@ghl-edge/webhooks/gateway";
 *
 * const secrets = [createDeliverySecret()];
 * const headers = await signDelivery({ id: "evt_1", timestampSeconds: Math.floor(Date.now() / 1000), body: "{}", secrets });
 * console.log(headers["webhook-id"]); // "evt_1"
 * ```
 */
export async function signDelivery(delivery: DeliveryToSign & SignerOptions): Promise<DeliveryHeaders> {
  return await createDeliverySigner(delivery).sign(delivery);
}
