import type {
  TriggerSubscription,
  WorkflowAction,
  WorkflowWebhook,
  WorkflowWebhookBody,
} from "@ghl-edge/marketplace/workflows";
import type { GatewayEvents } from "@ghl-edge/webhooks/gateway";

type EventName = "workflow.webhook" | "workflow.action" | "workflow.trigger";

/** An event from a workflow, as endpoints get it. */
export interface WorkflowEvent<Name extends EventName = EventName> {
  readonly name: Name;
  readonly data: GatewayEvents[Name];
  /** Location that the request names; undefined: none. */
  readonly locationId: string | undefined;
}

function bodyOf(body: WorkflowWebhookBody): unknown {
  switch (body.kind) {
    case "json":
      return body.value;
    case "form":
      return body.fields;
    case "text":
      return body.text;
    case "none":
      return null;
  }
}

export function webhookEvent(receiver: string, webhook: WorkflowWebhook): WorkflowEvent<"workflow.webhook"> {
  const { method, query, contentType, body, locationId } = webhook;
  const data = { receiver, method, query, contentType: contentType === "" ? null : contentType, body: bodyOf(body) };
  return { name: "workflow.webhook", data, locationId };
}

export function actionEvent(receiver: string, action: WorkflowAction): WorkflowEvent<"workflow.action"> {
  const { key = null, version = null, data, extras, locationId, contactId, workflowId } = action;
  const ids = Object.entries({ locationId, contactId, workflowId }).filter(([, id]) => id !== undefined);
  // Whole, because an action that pauses has to give it back; the ids as they were understood.
  const known: GatewayEvents["workflow.action"]["extras"] = { ...extras, ...Object.fromEntries(ids) };
  return { name: "workflow.action", data: { receiver, key, version, data, extras: known }, locationId };
}

export function triggerEvent(
  receiver: string,
  subscription: TriggerSubscription,
  sent: unknown,
): WorkflowEvent<"workflow.trigger"> {
  const { key = null, event: change, targetUrl = null, locationId } = subscription;
  return { name: "workflow.trigger", data: { receiver, key, change, targetUrl, subscription: sent }, locationId };
}
