import { fetchBytes, toHex } from "@ghl-edge/core";
import { createDeliverySigner } from "@ghl-edge/webhooks/gateway";
import {
  type BackendCallback,
  type CallbackAddress,
  CallbackError,
  type CallbackRequest,
  readAnswer,
} from "../domain/marketplace/backend-callback.ts";
import type { DestinationBindings } from "../platform/env.ts";

/** Time limit for the whole answer. HighLevel waits for it; how long is unpublished. */
const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 65_536;
/** URL for a bound Worker, which has no address of its own. */
const BINDING_URL = "https://destination/";

function backendOf(
  address: CallbackAddress,
  destinations: DestinationBindings,
): { fetcher: Pick<Fetcher, "fetch">; url: string } {
  if ("url" in address) return { fetcher: globalThis, url: address.url };
  const fetcher = destinations.service(address.service);
  if (fetcher === undefined) throw new CallbackError("ERR_GHL_GATEWAY_DESTINATION_UNBOUND");
  return { fetcher, url: BINDING_URL };
}

/**
 * Calls the app's back end, and returns its JSON. The request is signed as deliveries are, so that one verifier serves both. No event has
 * the `type` of a callback.
 *
 * @throws CallbackError where there is no usable answer
 */
export async function callBackend(
  destinations: DestinationBindings,
  { address, secrets }: BackendCallback,
  request: CallbackRequest,
): Promise<unknown> {
  const { fetcher, url } = backendOf(address, destinations);
  const { type, app, data } = request;
  const body = JSON.stringify({ type, app, data });
  const id = `callback_${toHex(crypto.getRandomValues(new Uint8Array(16)))}`;
  const timestampSeconds = Math.floor(Date.now() / 1000);
  const signed = await createDeliverySigner({ secrets }).sign({ id, timestampSeconds, body });
  // Made outside of `try`: an invalid request is our mistake, and not an unreachable back end.
  const outgoing = new Request(url, {
    method: "POST",
    headers: { "content-type": "application/json", "user-agent": "ghl-edge-gateway", ...signed },
    body,
    // A redirect is not followed, because its target was not checked.
    redirect: "manual",
  });
  try {
    const { response, bytes } = await fetchBytes(
      url,
      {},
      {
        send: (_url, init) => fetcher.fetch(outgoing, init),
        timeoutMs: TIMEOUT_MS,
        maxBytes: MAX_ANSWER_BYTES,
        needsBody: ({ ok }) => ok,
        timeoutError: () => new CallbackError("ERR_GHL_GATEWAY_DESTINATION_TIMEOUT"),
      },
    );
    if (!response.ok) throw new CallbackError("ERR_GHL_GATEWAY_DESTINATION_REFUSED");
    return readAnswer(bytes);
  } catch (error) {
    // The platform's own error is dropped, because its message may quote the request.
    throw error instanceof CallbackError ? error : new CallbackError("ERR_GHL_GATEWAY_DESTINATION_UNREACHABLE");
  }
}
