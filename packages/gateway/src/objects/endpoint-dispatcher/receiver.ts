import { createDeliverySigner, type DeliverySigner } from "@ghl-edge/webhooks/gateway";
import type { OpenedEndpoint } from "../../directory/endpoints.ts";
import type { NewDelivery } from "../../domain/contracts/endpoint-dispatcher.ts";
import { type EndpointSecrets, signingSecrets } from "../../domain/endpoint.ts";
import { type Outcome, outcomeOf } from "../../domain/receiver-answer.ts";
import type { Receivers } from "../../platform/env.ts";

/** Until the head of the answer: long enough for a receiver that stores before it answers. */
const TIMEOUT_MS = 15_000;
/** Of a queue's message, its own fields included (Queues limits: 128 KB, read 2026-11-24). */
const MAX_MESSAGE_BYTES = 127_000;
/** A Worker that is bound has no address of its own. */
const BOUND_URL = "https://receiver/";

type Signed = Readonly<Record<string, string>>;

/** Sends to one endpoint, as its row was read. */
export interface Receiver {
  send(delivery: NewDelivery): Promise<Outcome>;
}

async function post(
  fetcher: Pick<Fetcher, "fetch">,
  url: string,
  { headers, body }: NewDelivery,
  signed: Signed,
): Promise<Outcome> {
  // Made outside of `try`: what is no request was not sent, which is another thing than a receiver that cannot be reached.
  const request = new Request(url, {
    method: "POST",
    headers: { "content-type": "application/json", "user-agent": "ghl-edge-gateway", ...headers, ...signed },
    body,
    redirect: "manual",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  try {
    const response = await fetcher.fetch(request);
    void response.body?.cancel().catch(() => {});
    return outcomeOf(response, Date.now());
  } catch (error) {
    const timedOut = error instanceof Error && error.name === "TimeoutError";
    const code = timedOut ? "ERR_GHL_GATEWAY_RECEIVER_TIMEOUT" : "ERR_GHL_GATEWAY_RECEIVER_UNREACHABLE";
    return { kind: "failed", status: null, code };
  }
}

async function enqueue(queue: Pick<Queue, "send">, { body }: NewDelivery): Promise<Outcome> {
  if (body.byteLength > MAX_MESSAGE_BYTES)
    return { kind: "failed", status: null, code: "ERR_GHL_GATEWAY_RECEIVER_TOO_LARGE", isFinal: true };
  try {
    // As text: JSON that is parsed and written again has other bytes.
    await queue.send(new TextDecoder().decode(body), { contentType: "text" });
    return { kind: "delivered", status: null };
  } catch {
    return { kind: "failed", status: null, code: "ERR_GHL_GATEWAY_RECEIVER_UNREACHABLE" };
  }
}

/** With the secrets that are good at the time; keys are imported once for as long as these stay the same. */
function createSigner(secrets: EndpointSecrets): (delivery: NewDelivery) => Promise<Signed> {
  let kept: { readonly good: string; readonly signer: DeliverySigner } | undefined;
  return async ({ id, body }) => {
    const nowMs = Date.now();
    const good = signingSecrets(secrets, nowMs);
    if (kept?.good !== good.join()) kept = { good: good.join(), signer: createDeliverySigner({ secrets: good }) };
    return { ...(await kept.signer.sign({ id, timestampSeconds: Math.floor(nowMs / 1000), body })) };
  };
}

const UNBOUND: Outcome = { kind: "failed", status: null, code: "ERR_GHL_GATEWAY_RECEIVER_UNBOUND" };

export function createReceiver({ endpoint, secrets }: OpenedEndpoint, receivers: Receivers): Receiver {
  const { kind, target } = endpoint;
  const sign = createSigner(secrets);
  return {
    async send(delivery) {
      switch (kind) {
        case "https":
          return secrets.url === undefined ? UNBOUND : post(globalThis, secrets.url, delivery, await sign(delivery));
        case "service": {
          const service = receivers.service(target);
          return service === undefined ? UNBOUND : post(service, BOUND_URL, delivery, await sign(delivery));
        }
        case "queue": {
          const queue = receivers.queue(target);
          return queue === undefined ? UNBOUND : enqueue(queue, delivery);
        }
        case "workflow":
          // HighLevel checks no signature; its address is the secret.
          return secrets.url === undefined ? UNBOUND : post(globalThis, secrets.url, delivery, {});
      }
    },
  };
}
