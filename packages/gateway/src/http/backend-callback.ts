import { readBody } from "@ghl-edge/core";
import { createDeliverySigner } from "@ghl-edge/webhooks/gateway";
import {
  type BackendCallback,
  type CallbackAddress,
  CallbackError,
  type CallbackRequest,
  readAnswer,
} from "../domain/backend-callback.ts";
import { toHex } from "../domain/encoding.ts";
import type { Receivers } from "../platform/env.ts";

/** Until the whole answer: somebody at HighLevel waits for it, for how long is unpublished. */
const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 65_536;
/** A Worker that is bound has no address of its own. */
const BOUND_URL = "https://receiver/";

function receiverOf(address: CallbackAddress, receivers: Receivers): { fetcher: Pick<Fetcher, "fetch">; url: string } {
  if ("url" in address) return { fetcher: globalThis, url: address.url };
  const fetcher = receivers.service(address.service);
  if (fetcher === undefined) throw new CallbackError("ERR_GHL_GATEWAY_RECEIVER_UNBOUND");
  return { fetcher, url: BOUND_URL };
}

/** Rejects when the time is up, whoever else heeds the signal. */
function timeUp(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
}

/**
 * Asks the developer's own receiver, and gives its JSON. Signed as deliveries are, so that one verifier does for both; the body names
 * the question, and no event has it.
 *
 * @throws CallbackError for everything that is no answer
 */
export async function callBackend(
  receivers: Receivers,
  { address, secrets }: BackendCallback,
  question: CallbackRequest,
): Promise<unknown> {
  const { fetcher, url } = receiverOf(address, receivers);
  const { type, app, data } = question;
  const body = JSON.stringify({ type, app, data });
  const id = `callback_${toHex(crypto.getRandomValues(new Uint8Array(16)))}`;
  const timestampSeconds = Math.floor(Date.now() / 1000);
  const signed = await createDeliverySigner({ secrets }).sign({ id, timestampSeconds, body });
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  // Made outside of `try`: what is no request is our mistake, and not a receiver that cannot be reached.
  const request = new Request(url, {
    method: "POST",
    headers: { "content-type": "application/json", "user-agent": "ghl-edge-gateway", ...signed },
    body,
    // A redirect is not followed, because its target was not checked.
    redirect: "manual",
    signal,
  });
  const exchange = async (): Promise<Uint8Array | undefined> => {
    const response = await fetcher.fetch(request);
    if (response.ok) {
      const read = await readBody(response, { maxBytes: MAX_ANSWER_BYTES, timeoutMs: TIMEOUT_MS, signal });
      return read.outcome === "complete" ? read.bytes : undefined;
    }
    void response.body?.cancel().catch(() => {});
    throw new CallbackError("ERR_GHL_GATEWAY_RECEIVER_REFUSED");
  };
  try {
    return readAnswer(await Promise.race([exchange(), timeUp(signal)]));
  } catch (error) {
    if (error instanceof CallbackError) throw error;
    // The platform's own error stays out: it may name what was asked.
    throw new CallbackError(
      signal.aborted ? "ERR_GHL_GATEWAY_RECEIVER_TIMEOUT" : "ERR_GHL_GATEWAY_RECEIVER_UNREACHABLE",
    );
  }
}
