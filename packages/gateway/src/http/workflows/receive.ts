import {
  BodyTooLargeError,
  MarketplaceError,
  MethodNotAllowedError,
  parseTriggerSubscription,
  parseWorkflowWebhook,
} from "@ghl-edge/marketplace/workflows";
import type { Context, Handler } from "hono";
import { triggerEvent, webhookEvent } from "../../domain/events/workflow-event.ts";
import type { OpenedWorkflowReceiver, WorkflowKind } from "../../domain/marketplace/workflow-receiver.ts";
import { GatewayError, type Reason } from "../../platform/errors.ts";
import type { GatewayHono } from "../context.ts";
import { bufferedRequest } from "../request-body.ts";
import { receiveAction } from "./action.ts";
import { createWorkflowReceiverLookup } from "./authenticate.ts";
import { MAX_BODY_BYTES, readText, secretParameters } from "./read.ts";
import { storeAndLog } from "./store-and-log.ts";

type Receive = (c: Context<GatewayHono>, opened: OpenedWorkflowReceiver) => Promise<object>;

async function receiveWebhook(c: Context<GatewayHono>, { receiver }: OpenedWorkflowReceiver): Promise<object> {
  const options = { maxBodyBytes: MAX_BODY_BYTES, omitQuery: secretParameters(receiver) };
  const webhook = await parseWorkflowWebhook(
    await bufferedRequest(c.req.raw, { maxBytes: MAX_BODY_BYTES, budget: c.get("isolate").requestBytes }),
    options,
  );
  return { success: true, eventId: await storeAndLog(c, receiver, webhookEvent(receiver.name, webhook)) };
}

async function receiveTrigger(c: Context<GatewayHono>, { receiver }: OpenedWorkflowReceiver): Promise<object> {
  if (c.req.method !== "POST") throw new MethodNotAllowedError(["POST"], c.req.method);
  const text = await readText(c);
  // A token will be sent to its target: HighLevel's host, or where else HighLevel's API is.
  const subscription = parseTriggerSubscription(text, { hosts: [new URL(c.get("config").apiUrl).host] });
  const event = triggerEvent(receiver.name, subscription, JSON.parse(text));
  return { success: true, eventId: await storeAndLog(c, receiver, event) };
}

const RECEIVE: Readonly<Record<WorkflowKind, Receive>> = {
  webhook: receiveWebhook,
  action: receiveAction,
  trigger: receiveTrigger,
};

function reasonOf(error: MarketplaceError): Reason {
  if (error instanceof MethodNotAllowedError) return { kind: "method_not_allowed", allow: error.allowed.join(", ") };
  if (error instanceof BodyTooLargeError) return { kind: "webhook_too_large", maxBytes: MAX_BODY_BYTES };
  const parameter = "parameter" in error && typeof error.parameter === "string" ? error.parameter : undefined;
  return { kind: "workflow_unreadable", parameter };
}

/** Handles any method of `/workflows/:app/:receiver`. A request with the receiver's secret is stored before it is answered. */
export function receiveWorkflow(): Handler<GatewayHono> {
  const find = createWorkflowReceiverLookup();
  return async (c) => {
    const opened = await find(c);
    const { id, app, kind } = opened.receiver;
    Object.assign(c.get("log"), { app, workflowReceiverId: id });
    try {
      return c.json(await RECEIVE[kind](c, opened), 200, { "cache-control": "no-store" });
    } catch (error) {
      throw error instanceof MarketplaceError ? new GatewayError(reasonOf(error)) : error;
    }
  };
}
