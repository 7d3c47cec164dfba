import { type Resource, sha256, toHex } from "@ghl-edge/core";
import type { GatewayEventName, GatewayEvents } from "@ghl-edge/webhooks/gateway";
import type { InboxAddress, InboxEvent } from "./inbox-event.ts";

/** An event of the gateway itself or of a workflow. It reaches endpoints in the same way as HighLevel's events. */
export interface GatewayEvent<Name extends GatewayEventName = GatewayEventName> {
  readonly app: string;
  readonly resource: Resource | undefined;
  readonly name: Name;
  readonly data: GatewayEvents[Name];
  readonly atMs: number;
  /** Identifies the event when it is sent again. It is assigned when the event happens and stored with it. */
  readonly uniqueId: string;
}

export function gatewayEventAddress({ resource, atMs }: GatewayEvent): InboxAddress {
  return { resource, day: new Date(atMs).toISOString().slice(0, 10) };
}

export async function gatewayInboxEvent({ name, data, atMs, uniqueId }: GatewayEvent): Promise<InboxEvent> {
  return {
    dedupeKey: toHex(await sha256(JSON.stringify([name, uniqueId]))),
    name,
    type: undefined,
    webhookId: undefined,
    eventAtMs: atMs,
    quarantined: false,
    source: name.startsWith("workflow.") ? "workflow" : "gateway",
    signature: undefined,
    lifecycle: undefined,
    body: new TextEncoder().encode(JSON.stringify(data)),
  };
}
