import { type Accepted, createBaseHandler } from "../handler/base-handler.ts";
import { dispatch } from "../handler/dispatch.ts";
import type { BaseHandlerOptions, WebhookHandler } from "../handler/handler-options.ts";
import { clockOf, optionNumber } from "../option-checks.ts";
import { MAX_BATCH_EVENTS } from "./batch.ts";
import type {
  DeliveredEventName,
  DeliveredEvents,
  DeliveryMetadata,
  GatewayDelivery,
  KnownDelivery,
  UnknownDelivery,
} from "./delivery.ts";
import { createDeliveryVerifier, type DeliveryVerifierOptions } from "./verify-delivery.ts";

/**
 * HighLevel's payloads have at most 1 MiB when they reach the gateway. The envelope adds to that, and a workflow's form or text grows when
 * it is written as JSON. Unusable bodies are refused: the gateway stores them and sends them again when the endpoint is fixed.
 */
const BASE_SETTINGS = { defaultMaxBodyBytes: 2 * 1024 * 1024, unusableStatus: 422 };

const DEFAULT_CONCURRENCY = 8;

/**
 * Second argument of your functions. `Args` are the arguments that the runtime passes after the request (in a Worker: `env` and `ctx`).
 */
export interface GatewayContext<Args extends readonly unknown[] = readonly unknown[]> extends DeliveryMetadata {
  /** The request. Its body has been read: see `body`. */
  readonly request: Request;
  /** The arguments of the handler after the request. */
  readonly args: Args;
}

/** Your functions, one per event: HighLevel's events by their name in the portal, and the gateway's own events. */
export type GatewayEventHandlers<Args extends readonly unknown[] = readonly unknown[]> = {
  readonly [N in DeliveredEventName]?: (event: DeliveredEvents[N], context: GatewayContext<Args>) => unknown;
};

/** Options of `createGatewayHandler`. */
export interface GatewayHandlerOptions<Args extends readonly unknown[] = readonly unknown[]>
  extends DeliveryVerifierOptions,
    BaseHandlerOptions {
  /** One function per event. The response to an event without a function is 200. */
  readonly on?: GatewayEventHandlers<Args>;
  /** Runs for every event with a name, before the function for this event. */
  readonly onEvent?: (delivery: KnownDelivery, context: GatewayContext<Args>) => unknown;
  /** Runs for an event without a name. Default: nothing runs, and the response is 200. */
  readonly onUnknown?: (delivery: UnknownDelivery, context: GatewayContext<Args>) => unknown;
  /** Events of one batch that your functions handle at the same time, 1 to 100. Default: 8. */
  readonly concurrency?: number;
}

/**
 * Creates a handler for deliveries of the gateway, for Workers, Node, Deno, Bun and Hono. Your functions run only after the delivery is
 * verified. The dedupe key is the id of the event.
 *
 * It also handles batches, of endpoints with a `batchSize` above 1. The response names the events that failed, and the gateway sends only
 * these again. When all failed, the response is that of a failed delivery.
 *
 * @param options - Secrets and your functions
 * @returns A function from `Request` to `Response` that never rejects
 * @throws {WebhookConfigurationError} when an option is invalid (`ERR_GHL_WEBHOOK_CONFIGURATION`)
 * @example
 * ```ts
 * import { createGatewayHandler } from "@ghl-edge/webhooks/gateway";
 *
 * const webhooks = createGatewayHandler({
 *   secrets: ["whsec_ZXhhbXBsZS1vbmx5LXVzZS15b3VyLW93bi1zZWNyZXQh"],
 *   on: { ContactCreate: (contact, { resource }) => console.log(contact.email, resource?.id) },
 * });
 *
 * export default { fetch: webhooks };
 * ```
 */
export function createGatewayHandler<Args extends readonly unknown[] = readonly unknown[]>(
  options: GatewayHandlerOptions<Args>,
): WebhookHandler<Args> {
  const verifier = createDeliveryVerifier(options);

  const concurrency = optionNumber("concurrency", options.concurrency ?? DEFAULT_CONCURRENCY, {
    min: 1,
    max: MAX_BATCH_EVENTS,
    integer: true,
  });

  const now = clockOf(options.now);

  return createBaseHandler<Args>(options, BASE_SETTINGS, async ({ request, body, args }) => {
    const accept = (delivery: GatewayDelivery): Accepted & { readonly id: string } => {
      const { name: _name, event: _event, ...metadata } = delivery;
      const { id } = delivery;
      return { id, dedupeKey: () => id, work: () => dispatch(options, delivery, { ...metadata, request, args }) };
    };
    const [first, ...others] = (await verifier.verifyBatch({ body, headers: request.headers })).map(accept);
    return others.length === 0 ? first! : { events: [first!, ...others], concurrency, now };
  });
}
