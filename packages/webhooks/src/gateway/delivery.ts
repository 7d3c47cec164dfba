import { eventNames } from "../events/event-of.ts";
import type { WebhookEvents } from "../generated/events.gen.ts";
import type { EnvelopeFields } from "./envelope.ts";
import { type GatewayEvents, gatewayEventNames } from "./gateway-events.ts";

/** Every event the gateway delivers: HighLevel's payloads and the gateway's own, by name. */
export interface DeliveredEvents extends WebhookEvents, GatewayEvents {}

export type DeliveredEventName = keyof DeliveredEvents;

/** What is known of a delivery beside the event itself; all of it is signed. */
export interface DeliveryMetadata extends Omit<EnvelopeFields, "type"> {
  /** The signed bytes: the whole envelope. */
  readonly body: Uint8Array;
}

/** A delivery of an event with its name; `event` is its payload as it was received. */
export type KnownDelivery<N extends DeliveredEventName = DeliveredEventName> = {
  readonly [K in N]: DeliveryMetadata & { readonly name: K; readonly event: DeliveredEvents[K] };
}[N];

/** A delivery of an event that HighLevel gave no name, or that is newer than this package. */
export interface UnknownDelivery extends DeliveryMetadata {
  readonly name: "unknown";
  /** `type` of the envelope: `unknown`, or the name that is not known here. */
  readonly type: string;
  readonly event: unknown;
}

/** A genuine delivery. Narrow by `name`: `switch (delivery.name) { case "ContactCreate": delivery.event.email … }`. */
export type GatewayDelivery = KnownDelivery | UnknownDelivery;

const NAMES: ReadonlySet<string> = /* @__PURE__ */ new Set<string>([...eventNames, ...gatewayEventNames]);

export function toDelivery(
  { type, data: event, ...facts }: EnvelopeFields & { readonly data: unknown },
  body: Uint8Array,
): GatewayDelivery {
  if (!NAMES.has(type)) return { ...facts, name: "unknown", type, event, body };
  // The gateway signed which of them it is.
  return { ...facts, name: type, event, body } as GatewayDelivery;
}
