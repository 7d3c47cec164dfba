import type { SendResult } from "../../http/outcome.ts";
import { demandHeaderText } from "../../options.ts";
import { createDelivery, type DeliveryOptions, payloadOf, type WorkflowSenderOptions } from "../delivery.ts";
import { trustedHosts, type UrlLike } from "../url.ts";
import { targetUrlOf } from "./trigger.ts";

/** Version that HighLevel's API requires on this host. For these URLs it is unpublished. */
const API_VERSION = "2021-07-28";

/** Options of `createTriggerSender`. */
export interface TriggerSenderOptions extends WorkflowSenderOptions {
  /**
   * A token of the location whose workflows are started, or a function that returns one per call. `null` sends none: HighLevel's pages
   * mention no token here, but existing apps send one.
   */
  readonly accessToken: string | (() => string | Promise<string>) | null;
  /** Value of the header `Version`, which is sent with the token. Default: `2021-07-28`. */
  readonly version?: string;
}

/** Starts workflows through the triggers of your app. */
export interface TriggerSender<Payload extends object = object> {
  /**
   * Starts the workflow of `targetUrl`. `accepted` means that HighLevel accepted the request, and says nothing about the workflow. Rejects
   * with the error of `accessToken`, or with the signal's reason when it was aborted before anything was sent.
   *
   * @param targetUrl - Address of the subscription (`onSubscription`)
   * @param payload - Fields that the workflow gets
   * @param options - A signal
   * @returns The outcome
   * @throws {TriggerTargetUrlError} when it is not an https address of a trusted host (`ERR_GHL_TRIGGER_TARGET_URL`)
   * @throws {ConfigurationError} when an argument is invalid, before anything is sent (`ERR_GHL_MARKETPLACE_CONFIGURATION`)
   */
  fire(targetUrl: UrlLike, payload: Payload, options?: DeliveryOptions): Promise<SendResult>;
}

/**
 * Creates a sender for your app's triggers. `Payload` is the type of the sample in the portal.
 *
 * @param options - Access token, trusted hosts, retries and time limit
 * @returns The sender
 * @throws {ConfigurationError} when an option is invalid (`ERR_GHL_MARKETPLACE_CONFIGURATION`)
 * @example
 * ```ts
 * import { createTriggerSender } from "@ghl-edge/marketplace/workflows";
 *
 * export async function orderPlaced(targetUrl: string, accessToken: string): Promise<string> {
 *   const trigger = createTriggerSender<{ total: number }>({ accessToken });
 *   const { outcome } = await trigger.fire(targetUrl, { total: 100 });
 *   return outcome;
 * }
 * ```
 */
export function createTriggerSender<Payload extends object = object>(
  options: TriggerSenderOptions,
): TriggerSender<Payload> {
  const { accessToken, version = API_VERSION } = options;
  // An empty token is usually an unset variable.
  if (accessToken !== null && typeof accessToken !== "function") demandHeaderText("accessToken", accessToken);
  demandHeaderText("version", version);
  const hosts = trustedHosts(options);
  const deliver = createDelivery(options);

  async function headersOf(): Promise<Record<string, string>> {
    if (accessToken === null) return {};
    const token = typeof accessToken === "function" ? await accessToken() : accessToken;
    demandHeaderText("result of accessToken", token);
    return { authorization: `Bearer ${token}`, version };
  }

  return {
    async fire(target, payload, { signal, idempotency } = {}) {
      const url = targetUrlOf(target, hosts);
      const json = payloadOf(payload, idempotency);
      const headers = await headersOf();
      const { outcome, error } = await deliver({
        method: "POST",
        url,
        headers,
        json,
        endpoint: "the trigger",
        signal,
      });
      return { outcome, ...(error && { error }) };
    },
  };
}
