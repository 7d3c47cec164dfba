import {
  MethodNotAllowedError,
  parseWorkflowAction,
  parseWorkflowWebhook,
  type WorkflowAction,
  workflowActionReply,
  workflowFieldsReply,
  workflowOptionsReply,
} from "@ghl-edge/marketplace/workflows";
import type { Context } from "hono";
import { signingSecrets } from "../../domain/delivery/endpoint.ts";
import { actionEvent } from "../../domain/events/workflow-event.ts";
import { CallbackError } from "../../domain/marketplace/backend-callback.ts";
import type { OpenedWorkflowReceiver, WorkflowReceiver } from "../../domain/marketplace/workflow-receiver.ts";
import { GatewayError } from "../../platform/errors.ts";
import { checkLocation } from "../../services/store-workflow-event.ts";
import { callBackend } from "../backend-callback.ts";
import type { GatewayHono } from "../context.ts";
import { bufferedRequest } from "../request-body.ts";
import { MAX_BODY_BYTES, readText, secretParameters } from "./read.ts";
import { storeAndLog } from "./store-and-log.ts";

/** The methods that the portal offers for an execution (docs/design/marketplace.md, "Marketplace actions"). */
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/** A backend callback, and how its answer is written for HighLevel. */
interface ActionCallback {
  readonly type: string;
  readonly data: object;
  readonly write: (answer: unknown) => object;
}

type Query = Awaited<ReturnType<typeof parseWorkflowWebhook>>["query"];

/** Reads the query of a GET without the secret. */
async function readQuery(c: Context<GatewayHono>, receiver: WorkflowReceiver): Promise<Query> {
  return (
    await parseWorkflowWebhook(
      await bufferedRequest(c.req.raw, { maxBytes: MAX_BODY_BYTES, budget: c.get("isolate").requestBytes }),
      {
        omitQuery: secretParameters(receiver),
      },
    )
  ).query;
}

async function readAction(c: Context<GatewayHono>, receiver: WorkflowReceiver): Promise<WorkflowAction> {
  if (c.req.method !== "GET") return parseWorkflowAction(await readText(c));
  const query = Object.entries(await readQuery(c, receiver));
  return parseWorkflowAction(Object.fromEntries(query.map(([name, all]) => [name, all.length === 1 ? all[0] : all])));
}

/** Calls the app's back end, and writes its answer in HighLevel's format. */
async function answerOf(
  c: Context<GatewayHono>,
  { receiver, secrets }: OpenedWorkflowReceiver,
  { type, data, write }: ActionCallback,
): Promise<object> {
  const { app, callback: shown } = receiver;
  const url = secrets.callbackUrl;
  // The row shows only the host of a URL; the whole address is among the secrets.
  const address = shown === null || "service" in shown ? shown : url === undefined ? null : { url };
  // The app's settings in the portal are newer than the receiver's, so this form cannot be filled in.
  if (address === null) throw new GatewayError({ kind: "workflow_unanswered" });
  const good = signingSecrets({ signing: secrets.callback }, Date.now());
  try {
    return write(await callBackend(c.get("destinations"), { address, secrets: good }, { app, type, data }));
  } catch (error) {
    c.get("log").outcome = error instanceof CallbackError ? error.code : "ERR_GHL_GATEWAY_DESTINATION_UNREADABLE";
    throw new GatewayError({ kind: "workflow_unanswered" });
  }
}

/**
 * Receives an action of the app. A run is stored, then answered with the output that the app's back end returns. Requests for the action's
 * form come to the same address with `?options=` or `?fields` (`createWorkflowActionHandler` has the same rule); they are not stored.
 */
export async function receiveAction(c: Context<GatewayHono>, opened: OpenedWorkflowReceiver): Promise<object> {
  const { receiver } = opened;
  const { name } = receiver;
  const marks = new URL(c.req.url).searchParams;
  for (const secret of secretParameters(receiver)) marks.delete(secret);
  const options = marks.get("options");
  const isForm = options === null && marks.has("fields");
  const methods = options !== null ? ["GET"] : isForm ? ["POST"] : METHODS;
  if (!methods.includes(c.req.method)) throw new MethodNotAllowedError(methods, c.req.method);
  if (options !== null) {
    const data = { receiver: name, options, query: await readQuery(c, receiver) };
    return answerOf(c, opened, { type: "workflow.options", data, write: workflowOptionsReply });
  }
  const action = await readAction(c, receiver);
  const event = actionEvent(name, action);
  const data = { ...event.data, branches: action.branches };
  if (isForm) {
    checkLocation(receiver, event.locationId);
    return answerOf(c, opened, { type: "workflow.fields", data, write: workflowFieldsReply });
  }
  const eventId = await storeAndLog(c, receiver, event);
  if (receiver.callback === null) return {};
  const write = (answer: unknown): object => workflowActionReply(action, answer);
  return answerOf(c, opened, { type: "workflow.action", data: { ...data, eventId }, write });
}
