import { eventNames } from "../events/event-of.ts";
import type { WebhookEvents } from "../generated/events.gen.ts";
import type { EnvelopeFields } from "./envelope.ts";
import { type GatewayEvents, gatewayEventNames } from "./gateway-events.ts";

/** Every event that the gateway delivers, by name: HighLevel's payloads and the data of the gateway's own events. */
export interface DeliveredEvents extends WebhookEvents, GatewayEvents {}

/** Name of an event that the gateway delivers. */
export type DeliveredEventName = keyof DeliveredEvents;

/** Signed metadata of a delivery. */
export interface DeliveryMetadata extends Omit<EnvelopeFields, "type"> {
  /** The signed bytes of the request: the whole envelope, or the batch that it is in. */
  readonly body: Uint8Array;
}

/** A delivery of an event with a name. `event` is its payload as it was received. */
export type KnownDelivery<N extends DeliveredEventName = DeliveredEventName> = {
  readonly [K in N]: DeliveryMetadata & { readonly name: K; readonly event: DeliveredEvents[K] };
}[N];

/** A delivery of an event without a name, or of one that is newer than this package. */
export interface UnknownDelivery extends DeliveryMetadata {
  readonly name: "unknown";
  /** `type` of the envelope: `unknown`, or a name that this package does not know. */
  readonly type: string;
  readonly event: unknown;
}

/** A genuine delivery. Narrow by `name`: `switch (delivery.name) { case "ContactCreate": delivery.event.email … }`. */
export type GatewayDelivery = KnownDelivery | UnknownDelivery;

const NAMES: ReadonlySet<string> = /* @__PURE__ */ new Set<string>([...eventNames, ...gatewayEventNames]);

export function toDelivery(
  { type, data: event, ...metadata }: EnvelopeFields & { readonly data: unknown },
  body: Uint8Array,
): GatewayDelivery {
  if (!NAMES.has(type)) return { ...metadata, name: "unknown", type, event, body };
  // The gateway signed the name.
  return { ...metadata, name: type, event, body } as GatewayDelivery;
}
