import type { SendResult } from "../http/outcome.ts";
import { demandHeaderText } from "../options.ts";
import { createDelivery, type DeliveryOptions, payloadOf, type WorkflowSenderOptions } from "./delivery.ts";
import { targetUrlOf } from "./trigger.ts";
import { trustedHosts, type UrlLike } from "./url.ts";

/** What HighLevel's API asks for on this host; for these URLs it is published nowhere. */
const API_VERSION = "2021-07-28";

export interface TriggerSenderOptions extends WorkflowSenderOptions {
  /**
   * A token of the location whose workflows are started, or a function that gives one per call. `null` sends none: HighLevel's pages
   * name no token here, apps that do it send one.
   */
  readonly accessToken: string | (() => string | Promise<string>) | null;
  /** The `Version` header that goes with the token. Default `2021-07-28`. */
  readonly version?: string;
}

export interface TriggerSender<Payload extends object = object> {
  /**
   * Starts the workflow that `targetUrl` stands for. `accepted` says that HighLevel took the request, not what the workflow did with it.
   *
   * @throws {TriggerTargetUrlError | ConfigurationError}, what `accessToken` throws, or the signal's reason, each before anything is sent.
   */
  fire(targetUrl: UrlLike, payload: Payload, options?: DeliveryOptions): Promise<SendResult>;
}

/**
 * Makes a sender for your app's triggers. `Payload`: what the sample in the portal shows.
 *
 * @throws {ConfigurationError}
 */
export function createTriggerSender<Payload extends object = object>(
  options: TriggerSenderOptions,
): TriggerSender<Payload> {
  const { accessToken, version = API_VERSION } = options;
  // An empty one is a variable that was not set.
  if (accessToken !== null && typeof accessToken !== "function") demandHeaderText("accessToken", accessToken);
  demandHeaderText("version", version);
  const hosts = trustedHosts(options);
  const deliver = createDelivery(options);

  async function headersOf(): Promise<Record<string, string>> {
    if (accessToken === null) return {};
    const token = typeof accessToken === "function" ? await accessToken() : accessToken;
    demandHeaderText("what accessToken gives", token);
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
