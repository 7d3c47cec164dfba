import { isObject } from "@ghl-edge/core";
import { writeEnvelope } from "@ghl-edge/webhooks/gateway";
import type { NewDelivery } from "../contracts/endpoint-dispatcher.ts";
import type { InboxTenant, WholeEvent } from "../contracts/webhook-inbox.ts";
import { eventId, inboxName, resourceKey } from "../events/inbox-event.ts";
import { partOf } from "../hash.ts";
import type { Endpoint } from "./endpoint.ts";

/** Returns the id of the contact that an event is about. Events about other records name it, and a contact's own event has its id. */
export function contactOf(name: string, payload: unknown): string | undefined {
  if (!isObject(payload)) return undefined;
  const id = payload.contactId ?? (name.startsWith("Contact") ? payload.id : undefined);
  return typeof id === "string" && id !== "" ? id : undefined;
}

/** Parses a stored body. It was parsed once before it was stored, so it is valid JSON. */
export const payloadOf = (body: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(body));

/** Returns the id of the contact that a stored event is about. It parses the body. */
export const contactOfEvent = ({ name, body }: Pick<WholeEvent, "name" | "body">): string | undefined =>
  contactOf(name, payloadOf(body));

/** The settings of an endpoint that a delivery depends on. `contact` returns a known contact, so that no body is parsed twice. */
export type OutgoingFor = Pick<Endpoint, "format" | "ordered"> & { readonly contact?: () => string | undefined };

/** Makes the delivery of an event to an endpoint. Only HighLevel's events have a raw form. */
export function outgoing(
  tenant: InboxTenant,
  event: WholeEvent,
  { format, ordered, contact: contactOnce = () => contactOfEvent(event) }: OutgoingFor,
): NewDelivery {
  const id = eventId(event.dedupeKey);
  const { name, source, signature, body, eventAtMs, receivedAtMs } = event;
  const { app, resource } = tenant;
  const contact = ordered ? contactOnce() : undefined;
  const isRaw = format === "raw" && source === "highlevel";
  return {
    id,
    type: name,
    source,
    resource,
    inbox: inboxName(tenant),
    orderKey: orderKeyOf(tenant, contact),
    headers: isRaw && signature !== undefined ? { "x-ghl-signature": signature } : {},
    body: isRaw
      ? body
      : writeEnvelope(
          {
            id,
            type: name,
            timestampMs: eventAtMs ?? receivedAtMs,
            receivedAtMs,
            app,
            resource: resource ?? null,
            source,
          },
          body,
        ),
  };
}

/** Returns the key of deliveries that are sent one after the other; null when the order does not matter. */
export function orderKeyOf({ resource }: InboxTenant, contact: string | undefined): string | null {
  return contact === undefined ? null : `${resourceKey(resource)}/${contact}`;
}

/** Returns the shard of a delivery. Deliveries with the same order key have the same shard. */
export function shardOf({ id, orderKey }: Pick<NewDelivery, "id" | "orderKey">, shards: number): number {
  return partOf(orderKey ?? id, shards);
}
