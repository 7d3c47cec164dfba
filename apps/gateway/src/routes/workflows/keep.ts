import type { Context } from "hono";
import type { GatewayHono } from "../../context.ts";
import { gatewayEventAddress, gatewayInboxEvent } from "../../domain/gateway-event.ts";
import { eventId } from "../../domain/inbox-event.ts";
import type { WorkflowEvent } from "../../domain/workflow-event.ts";
import type { WorkflowReceiver } from "../../domain/workflow-receiver.ts";
import { GatewayError } from "../../errors.ts";
import { storeEvent } from "../store-event.ts";

/**
 * A text grows when it is written as JSON, and a row of an object holds 2 MB (Durable Objects limits, read 2026-11-24), of a delivery's
 * with the envelope around the event.
 */
const MAX_EVENT_BYTES = 1_572_864;

/** @throws GatewayError where a receiver is for another location than the one that was named. */
export function checkLocation({ location }: WorkflowReceiver, named: string | undefined): void {
  if (location !== null && named !== undefined && named !== location)
    throw new GatewayError({ kind: "workflow_location" });
}

/**
 * Stores what a workflow told, and gives the event's id. HighLevel marks no repetition, so two requests that are equal are two runs:
 * a contact may well pass a workflow twice.
 */
export async function keep(
  c: Context<GatewayHono>,
  receiver: WorkflowReceiver,
  { name, data, locationId }: WorkflowEvent,
): Promise<string> {
  checkLocation(receiver, locationId);
  const { app, location } = receiver;
  const id = locationId ?? location;
  const resource = id === null ? undefined : ({ kind: "location", id } as const);
  const event = { app, resource, name, data, atMs: Date.now(), uniqueId: crypto.randomUUID() };
  const whole = await gatewayInboxEvent(event);
  if (whole.body.byteLength > MAX_EVENT_BYTES)
    throw new GatewayError({ kind: "webhook_too_large", maxBytes: MAX_EVENT_BYTES });
  const outcome = await storeEvent(c, { app, ...gatewayEventAddress(event) }, whole);
  Object.assign(c.get("log"), { event: name, eventId: eventId(whole.dedupeKey), outcome });
  return eventId(whole.dedupeKey);
}
