import { createBaseHandler } from "../handler/base-handler.ts";
import { dispatch } from "../handler/dispatch.ts";
import type { BaseHandlerOptions, WebhookHandler } from "../handler/handler-options.ts";
import type {
  DeliveredEventName,
  DeliveredEvents,
  DeliveryMetadata,
  KnownDelivery,
  UnknownDelivery,
} from "./delivery.ts";
import { createDeliveryVerifier, type DeliveryVerifierOptions } from "./verify-delivery.ts";

/**
 * HighLevel's payloads have at most 1 MiB when they reach the gateway; the envelope comes around them, and a workflow's form or text
 * grows when it is written as JSON. What nobody here can use is refused: the gateway keeps it, and sends it again when the endpoint
 * has been mended.
 */
const BASE_SETTINGS = { defaultMaxBodyBytes: 2 * 1024 * 1024, unusableStatus: 422 };

/** What each of your functions gets beside the event. `Args`: what the runtime passes after the request (a Worker: env, ctx). */
export interface GatewayContext<Args extends readonly unknown[] = readonly unknown[]> extends DeliveryMetadata {
  /** The request; its body has been read: see `body`. */
  readonly request: Request;
  readonly args: Args;
}

/** Your function per event: HighLevel's by the name its portal lists it under, the gateway's by their own. */
export type GatewayEventHandlers<Args extends readonly unknown[] = readonly unknown[]> = {
  readonly [N in DeliveredEventName]?: (event: DeliveredEvents[N], context: GatewayContext<Args>) => unknown;
};

export interface GatewayHandlerOptions<Args extends readonly unknown[] = readonly unknown[]>
  extends DeliveryVerifierOptions,
    BaseHandlerOptions {
  /** One function per event. An event without one is answered 200. */
  readonly on?: GatewayEventHandlers<Args>;
  /** Runs for every event with a name, before its own function. */
  readonly onEvent?: (delivery: KnownDelivery, context: GatewayContext<Args>) => unknown;
  /** Runs for an event without a name. Default: nothing, the answer is 200. */
  readonly onUnknown?: (delivery: UnknownDelivery, context: GatewayContext<Args>) => unknown;
}

/**
 * A handler for the URL the gateway posts to, the same on Workers, Node, Deno, Bun and in Hono. Nothing of yours runs before the
 * delivery is verified; `dedupe` is by `webhook-id`. Throws WebhookConfigurationError at once when an option cannot be used.
 */
export function createGatewayHandler<Args extends readonly unknown[] = readonly unknown[]>(
  options: GatewayHandlerOptions<Args>,
): WebhookHandler<Args> {
  const verifier = createDeliveryVerifier(options);

  return createBaseHandler<Args>(options, BASE_SETTINGS, async ({ request, body, args }) => {
    const delivery = await verifier.verify({ body, headers: request.headers });
    const { name: _name, event: _event, ...facts } = delivery;
    return { dedupeKey: () => delivery.id, work: () => dispatch(options, delivery, { ...facts, request, args }) };
  });
}
