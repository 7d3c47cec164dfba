import type { Resource } from "@ghl-edge/core";
import { gatewayEventAddress, gatewayInboxEvent } from "../domain/events/gateway-event.ts";
import { eventId } from "../domain/events/inbox-event.ts";
import type { WorkflowEvent } from "../domain/events/workflow-event.ts";
import type { WorkflowReceiver } from "../domain/marketplace/workflow-receiver.ts";
import { GatewayError } from "../platform/errors.ts";
import { isKnownTenant } from "./known-tenant.ts";
import type { Services } from "./services.ts";
import { storeEvent } from "./store-event.ts";

/**
 * A text grows when it is written as JSON, and a row of an object holds 2 MB (Durable Objects limits, read 2026-11-24), of a delivery's
 * with the envelope around the event.
 */
const MAX_EVENT_BYTES = 1_572_864;

type WorkflowServices = Pick<Services, "config" | "directory" | "objects" | "overflow" | "isolate">;

/** @throws GatewayError where a receiver is for another location than the one that was named. */
export function checkLocation({ location }: WorkflowReceiver, named: string | undefined): void {
  if (location !== null && named !== undefined && named !== location)
    throw new GatewayError({ kind: "workflow_location" });
}

/**
 * The location that a request names, where the app is installed there or the receiver is bound to it. Any other is the request's own
 * word: its event goes to the app's inbox for events of no resource, because an inbox for each name that is invented has no bound.
 */
async function tenantOf(
  services: WorkflowServices,
  { app, location }: Pick<WorkflowReceiver, "app" | "location">,
  id: string,
): Promise<Resource | undefined> {
  const resource = { kind: "location", id } as const;
  const holdsUnknown = services.config.apps.get(app)?.webhooks.unknownTenants === "hold";
  if (!holdsUnknown || id === location || (await isKnownTenant(services, { app, resource, companyId: undefined })))
    return resource;
  return undefined;
}

/**
 * Stores an event of a workflow. HighLevel does not mark repetitions, so two equal requests are two runs: a contact may pass a workflow
 * twice.
 *
 * @throws {GatewayError} `workflow_location`, `webhook_too_large`, `webhook_not_stored`
 */
export async function storeWorkflowEvent(
  services: WorkflowServices,
  receiver: WorkflowReceiver,
  { name, data, locationId }: WorkflowEvent,
): Promise<{ readonly id: string; readonly outcome: "stored" | "duplicate" | "queued" }> {
  checkLocation(receiver, locationId);
  const { app, location } = receiver;
  const id = locationId ?? location;
  const resource = id === null ? undefined : await tenantOf(services, { app, location }, id);
  const event = { app, resource, name, data, atMs: Date.now(), uniqueId: crypto.randomUUID() };
  const whole = await gatewayInboxEvent(event);
  if (whole.body.byteLength > MAX_EVENT_BYTES)
    throw new GatewayError({ kind: "webhook_too_large", maxBytes: MAX_EVENT_BYTES });
  const outcome = await storeEvent(services, { app, ...gatewayEventAddress(event) }, whole);
  return { id: eventId(whole.dedupeKey), outcome };
}
