import type { Context } from "hono";
import type { WorkflowEvent } from "../../domain/events/workflow-event.ts";
import type { WorkflowReceiver } from "../../domain/marketplace/workflow-receiver.ts";
import { storeWorkflowEvent } from "../../services/store-workflow-event.ts";
import { eventServices, type GatewayHono } from "../context.ts";

/** Stores and logs an event of a workflow, and returns the event's id. */
export async function storeAndLog(
  c: Context<GatewayHono>,
  receiver: WorkflowReceiver,
  event: WorkflowEvent,
): Promise<string> {
  const services = { config: c.get("config"), ...eventServices(c) };
  const { id, outcome } = await storeWorkflowEvent(services, receiver, event);
  Object.assign(c.get("log"), { event: event.name, eventId: id, outcome });
  return id;
}
