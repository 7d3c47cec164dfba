import { readBody } from "@ghl-edge/core";
import { createDeliverySigner, type DeliverySigner, writeBatch } from "@ghl-edge/webhooks/gateway";
import type { OpenedEndpoint } from "../../directory/tables/endpoints.ts";
import type { NewDelivery } from "../../domain/contracts/endpoint-dispatcher.ts";
import { type BatchLimits, batchOutcomes, isBatchable, unreadable } from "../../domain/delivery/batch.ts";
import { type DeliveryFailure, type Outcome, outcomeOf } from "../../domain/delivery/delivery-outcome.ts";
import { type Endpoint, type EndpointSecrets, signingSecrets } from "../../domain/delivery/endpoint.ts";
import type { DestinationBindings } from "../../platform/env.ts";
import { sendInHalves } from "./send-in-halves.ts";

/** Time limit for the head of the response. It is long enough for an endpoint that stores before it responds. */
export const TIMEOUT_MS = 15_000;
/** Limits the sum of the bodies of one batch. */
const MAX_BATCH_BYTES = 1_048_576;
/** Limit of the response to a batch. A hundred failed events take some 8 KB. */
const ANSWER_LIMITS = { maxBytes: 65_536, timeoutMs: 5_000 };
/** Limit of a queue message, its own fields included (Queues limits: 128 KB, read 2026-11-24). */
const MAX_MESSAGE_BYTES = 127_000;
/**
 * `sendBatch` takes at most 100 messages and 256 KB, where 1 KB is 1,000 bytes and each message has up to 100 bytes of metadata (Queues
 * limits, read 2026-11-30).
 */
const MAX_QUEUE_BATCH_BYTES = 246_000;
/** A bound Worker has no URL of its own, but a request needs one. */
const BINDING_URL = "https://destination/";

type Deliveries = readonly NewDelivery[];
type Outcomes = readonly Outcome[];
/** The part of a delivery that a request consists of. A batch has an id of its own. */
type Message = Pick<NewDelivery, "id" | "headers" | "body">;

/** Sends deliveries to one endpoint, as its row was when it was read. */
export interface EndpointSender {
  /** Limits of one call of `send`. */
  readonly limits: BatchLimits;
  /** Sends deliveries and returns the outcome of each. It makes one request, or several when the endpoint refuses the body of a batch. */
  send(deliveries: Deliveries): Promise<Outcomes>;
}

interface HttpTarget {
  readonly fetcher: Pick<Fetcher, "fetch">;
  readonly url: string;
}

const failure = (code: DeliveryFailure) => ({ kind: "failed", status: null, code }) as const;
const UNBOUND = failure("ERR_GHL_GATEWAY_DESTINATION_UNBOUND");
const UNREACHABLE = failure("ERR_GHL_GATEWAY_DESTINATION_UNREACHABLE");
const TOO_LARGE: Outcome = { ...failure("ERR_GHL_GATEWAY_DESTINATION_TOO_LARGE"), isFinal: true };

/** Reads the outcome of each event from the response to a batch. Without JSON the status applies to all of them. */
async function readBatchOutcomes(response: Response, ids: readonly string[]): Promise<Outcomes> {
  const { status, headers } = response;
  const read = await readBody(response, ANSWER_LIMITS).catch(() => undefined);
  if (read?.outcome !== "complete") return ids.map(() => unreadable(status));
  try {
    return batchOutcomes(ids, status, JSON.parse(new TextDecoder().decode(read.bytes)));
  } catch {
    return ids.map(() => outcomeOf({ status, headers }, Date.now()));
  }
}

async function post(
  { fetcher, url }: HttpTarget,
  { headers, body }: Pick<Message, "headers" | "body">,
  batchIds: readonly string[] | undefined,
): Promise<Outcome | Outcomes> {
  // This is outside of `try`: an invalid request was not sent, which is another failure than an endpoint that cannot be reached.
  const request = new Request(url, {
    method: "POST",
    headers: { "content-type": "application/json", "user-agent": "ghl-edge-gateway", ...headers },
    body,
    redirect: "manual",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  try {
    const response = await fetcher.fetch(request);
    const outcome = outcomeOf(response, Date.now());
    const isJson = response.headers.get("content-type")?.includes("json");
    if (batchIds !== undefined && isJson && outcome.kind === "delivered")
      return await readBatchOutcomes(response, batchIds);
    void response.body?.cancel().catch(() => {});
    return outcome;
  } catch (error) {
    const timedOut = error instanceof Error && error.name === "TimeoutError";
    return timedOut ? failure("ERR_GHL_GATEWAY_DESTINATION_TIMEOUT") : UNREACHABLE;
  }
}

type Sendable = Pick<Queue, "send" | "sendBatch">;

async function enqueue(queue: Sendable, deliveries: Deliveries): Promise<Outcomes> {
  const fits = ({ body }: NewDelivery): boolean => body.byteLength <= MAX_MESSAGE_BYTES;
  const sent = await sendMessages(queue, deliveries.filter(fits));
  return deliveries.map((delivery) => (fits(delivery) ? sent : TOO_LARGE));
}

async function sendMessages(queue: Sendable, deliveries: Deliveries): Promise<Outcome> {
  // A message is text, because JSON that is parsed and written again has other bytes.
  const contentType = "text";
  const [first, ...others] = deliveries.map(
    ({ body }) => ({ body: new TextDecoder().decode(body), contentType }) as const,
  );
  try {
    if (first !== undefined && others.length === 0) await queue.send(first.body, { contentType });
    else if (first !== undefined) await queue.sendBatch([first, ...others]);
    return { kind: "delivered", status: null };
  } catch {
    return UNREACHABLE;
  }
}

/** Signs with the secrets that are valid at the time. Keys are imported again only when these change. */
function createSigner(secrets: EndpointSecrets): (message: Message) => Promise<Readonly<Record<string, string>>> {
  let cached: { readonly secrets: string; readonly signer: DeliverySigner } | undefined;
  return async ({ id, body }) => {
    const nowMs = Date.now();
    const valid = signingSecrets(secrets, nowMs);
    if (cached?.secrets !== valid.join())
      cached = { secrets: valid.join(), signer: createDeliverySigner({ secrets: valid }) };
    return { ...(await cached.signer.sign({ id, timestampSeconds: Math.floor(nowMs / 1000), body })) };
  };
}

function limitsOf({ kind, batchSize }: Endpoint): BatchLimits {
  return { events: batchSize, bytes: kind === "queue" ? MAX_QUEUE_BATCH_BYTES : MAX_BATCH_BYTES };
}

/** Returns where to post to; undefined when the endpoint is not bound, or its URL is lost. */
function httpTarget({ endpoint, secrets }: OpenedEndpoint, destinations: DestinationBindings): HttpTarget | undefined {
  if (endpoint.kind !== "service")
    return secrets.url === undefined ? undefined : { fetcher: globalThis, url: secrets.url };
  const fetcher = destinations.service(endpoint.target);
  return fetcher && { fetcher, url: BINDING_URL };
}

export function createEndpointSender(opened: OpenedEndpoint, destinations: DestinationBindings): EndpointSender {
  const { endpoint, secrets } = opened;
  const { kind, target, batchSize } = endpoint;
  const sign = createSigner(secrets);

  async function request(deliveries: Deliveries): Promise<Outcomes> {
    const http = httpTarget(opened, destinations);
    if (http === undefined) return deliveries.map(() => UNBOUND);
    const [first] = deliveries;
    // An endpoint with batches gets a single event as a batch too, so that all bodies have one form.
    const isBatch = batchSize > 1 && isBatchable(first!);
    const message = isBatch ? { ...(await writeBatch(deliveries)), headers: {} } : first!;
    // HighLevel checks no signature; the URL of the trigger is the secret.
    const signed = kind === "workflow" ? {} : await sign(message);
    const { headers, body } = message;
    const ids = isBatch ? deliveries.map(({ id }) => id) : undefined;
    const outcomes = await post(http, { headers: { ...headers, ...signed }, body }, ids);
    return "kind" in outcomes ? deliveries.map(() => outcomes) : outcomes;
  }

  return {
    limits: limitsOf(endpoint),
    async send(deliveries) {
      if (kind !== "queue") return sendInHalves(deliveries, request);
      const queue = destinations.queue(target);
      return queue === undefined ? deliveries.map(() => UNBOUND) : enqueue(queue, deliveries);
    },
  };
}
