import { writeEnvelope } from "@ghl-edge/webhooks/gateway";
import type { NewDelivery } from "./contracts/endpoint-dispatcher.ts";
import type { InboxTenant, WholeEvent } from "./contracts/webhook-inbox.ts";
import type { Endpoint } from "./endpoint.ts";
import { eventId, inboxName, resourceKey } from "./inbox-event.ts";

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whose contact an event is about: events about other records name it, a contact's own carry its id. */
export function contactOf(name: string, payload: unknown): string | undefined {
  if (!isObject(payload)) return undefined;
  const id = payload.contactId ?? (name.startsWith("Contact") ? payload.id : undefined);
  return typeof id === "string" && id !== "" ? id : undefined;
}

/** Signed JSON was parsed once before it was stored, so that it parses. */
export const payloadOf = (body: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(body));

/** Whose contact a stored event is about. Parses its body. */
export const contactOfEvent = ({ name, body }: Pick<WholeEvent, "name" | "body">): string | undefined =>
  contactOf(name, payloadOf(body));

/** What of a delivery depends on the endpoint. `contact`: where it is known already, so that no body is parsed twice. */
export type OutgoingFor = Pick<Endpoint, "format" | "ordered"> & { readonly contact?: () => string | undefined };

/** An event as an endpoint gets it. What is not HighLevel's has no raw form. */
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

/** What is delivered one after the other; null: in any order. */
export function orderKeyOf({ resource }: InboxTenant, contact: string | undefined): string | null {
  return contact === undefined ? null : `${resourceKey(resource)}/${contact}`;
}

/** Which of an endpoint's objects takes a delivery: what is ordered stays together. FNV-1a, 32 bit. */
export function shardOf({ id, orderKey }: Pick<NewDelivery, "id" | "orderKey">, shards: number): number {
  let hash = 0x811c9dc5;
  for (const character of orderKey ?? id) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0;
  return hash % shards;
}
