import { createDeliverySigner, type DeliverySigner } from "@ghl-edge/webhooks/gateway";
import type { OpenedEndpoint } from "../../directory/tables/endpoints.ts";
import type { NewDelivery } from "../../domain/contracts/endpoint-dispatcher.ts";
import { type Outcome, outcomeOf } from "../../domain/delivery/delivery-outcome.ts";
import { type EndpointSecrets, signingSecrets } from "../../domain/delivery/endpoint.ts";
import type { DestinationBindings } from "../../platform/env.ts";

/** Time limit for the head of the response. It is long enough for an endpoint that stores before it responds. */
export const TIMEOUT_MS = 15_000;
/** Limit of a queue message, its own fields included (Queues limits: 128 KB, read 2026-11-24). */
const MAX_MESSAGE_BYTES = 127_000;
/** A bound Worker has no URL of its own, but a request needs one. */
const BINDING_URL = "https://destination/";

type SignatureHeaders = Readonly<Record<string, string>>;

/** Sends deliveries to one endpoint, as its row was when it was read. */
export interface EndpointSender {
  send(delivery: NewDelivery): Promise<Outcome>;
}

interface HttpTarget {
  readonly fetcher: Pick<Fetcher, "fetch">;
  readonly url: string;
}

async function post(
  { fetcher, url }: HttpTarget,
  { headers, body }: NewDelivery,
  signed: SignatureHeaders,
): Promise<Outcome> {
  // This is outside of `try`: an invalid request was not sent, which is another failure than an endpoint that cannot be reached.
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
    const code = timedOut ? "ERR_GHL_GATEWAY_DESTINATION_TIMEOUT" : "ERR_GHL_GATEWAY_DESTINATION_UNREACHABLE";
    return { kind: "failed", status: null, code };
  }
}

async function enqueue(queue: Pick<Queue, "send">, { body }: NewDelivery): Promise<Outcome> {
  if (body.byteLength > MAX_MESSAGE_BYTES)
    return { kind: "failed", status: null, code: "ERR_GHL_GATEWAY_DESTINATION_TOO_LARGE", isFinal: true };
  try {
    // The message is text, because JSON that is parsed and written again has other bytes.
    await queue.send(new TextDecoder().decode(body), { contentType: "text" });
    return { kind: "delivered", status: null };
  } catch {
    return { kind: "failed", status: null, code: "ERR_GHL_GATEWAY_DESTINATION_UNREACHABLE" };
  }
}

/** Signs with the secrets that are valid at the time. Keys are imported again only when these change. */
function createSigner(secrets: EndpointSecrets): (delivery: NewDelivery) => Promise<SignatureHeaders> {
  let cached: { readonly secrets: string; readonly signer: DeliverySigner } | undefined;
  return async ({ id, body }) => {
    const nowMs = Date.now();
    const valid = signingSecrets(secrets, nowMs);
    if (cached?.secrets !== valid.join())
      cached = { secrets: valid.join(), signer: createDeliverySigner({ secrets: valid }) };
    return { ...(await cached.signer.sign({ id, timestampSeconds: Math.floor(nowMs / 1000), body })) };
  };
}

const UNBOUND: Outcome = { kind: "failed", status: null, code: "ERR_GHL_GATEWAY_DESTINATION_UNBOUND" };

export function createEndpointSender(
  { endpoint, secrets }: OpenedEndpoint,
  destinations: DestinationBindings,
): EndpointSender {
  const { kind, target } = endpoint;
  const sign = createSigner(secrets);
  return {
    async send(delivery) {
      switch (kind) {
        case "https":
          return secrets.url === undefined
            ? UNBOUND
            : post({ fetcher: globalThis, url: secrets.url }, delivery, await sign(delivery));
        case "service": {
          const service = destinations.service(target);
          return service === undefined
            ? UNBOUND
            : post({ fetcher: service, url: BINDING_URL }, delivery, await sign(delivery));
        }
        case "queue": {
          const queue = destinations.queue(target);
          return queue === undefined ? UNBOUND : enqueue(queue, delivery);
        }
        case "workflow":
          // HighLevel checks no signature; the URL of the trigger is the secret.
          return secrets.url === undefined ? UNBOUND : post({ fetcher: globalThis, url: secrets.url }, delivery, {});
      }
    },
  };
}
