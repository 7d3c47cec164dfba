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
import type { OpenedWorkflowReceiver } from "../../directory/workflow-receivers.ts";
import { CallbackError } from "../../domain/backend-callback.ts";
import { signingSecrets } from "../../domain/endpoint.ts";
import { actionEvent } from "../../domain/workflow-event.ts";
import type { WorkflowReceiver } from "../../domain/workflow-receiver.ts";
import { GatewayError } from "../../platform/errors.ts";
import { callBackend } from "../backend-callback.ts";
import type { GatewayHono } from "../context.ts";
import { heldRequest } from "../request-body.ts";
import { checkLocation, keep } from "./keep.ts";
import { MAX_BODY_BYTES, readText, secretParameters } from "./read.ts";

/** What the portal offers for an execution (docs/design/marketplace.md, "Marketplace actions"). */
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];

type Query = Awaited<ReturnType<typeof parseWorkflowWebhook>>["query"];

/** Of a GET; without the secret. */
async function readQuery(c: Context<GatewayHono>, receiver: WorkflowReceiver): Promise<Query> {
  return (
    await parseWorkflowWebhook(await heldRequest(c.req.raw, MAX_BODY_BYTES), { omitQuery: secretParameters(receiver) })
  ).query;
}

async function readAction(c: Context<GatewayHono>, receiver: WorkflowReceiver): Promise<WorkflowAction> {
  if (c.req.method !== "GET") return parseWorkflowAction(await readText(c));
  const query = Object.entries(await readQuery(c, receiver));
  return parseWorkflowAction(Object.fromEntries(query.map(([name, all]) => [name, all.length === 1 ? all[0] : all])));
}

/** Asks the app, and writes what it answers as HighLevel reads it. */
async function answerOf(
  c: Context<GatewayHono>,
  { receiver, secrets }: OpenedWorkflowReceiver,
  question: { readonly type: string; readonly data: object },
  write: (answer: unknown) => object,
): Promise<object> {
  const { app, callback: shown } = receiver;
  const url = secrets.callbackUrl;
  // The row shows only the host of a URL; the whole address is among the secrets.
  const address = shown === null || "service" in shown ? shown : url === undefined ? null : { url };
  // A form that nobody can fill in: the app's settings in the portal are ahead of the receiver's.
  if (address === null) throw new GatewayError({ kind: "workflow_unanswered" });
  const good = signingSecrets({ signing: secrets.callback }, Date.now());
  try {
    return write(await callBackend(c.get("receivers"), { address, secrets: good }, { app, ...question }));
  } catch (error) {
    c.get("log").outcome = error instanceof CallbackError ? error.code : "ERR_GHL_GATEWAY_RECEIVER_UNREADABLE";
    throw new GatewayError({ kind: "workflow_unanswered" });
  }
}

/**
 * An action of the app: a run is stored, then answered with what the app says its output is. What fills in the action's form comes to
 * the same address, marked by `?options=` and `?fields` (`createWorkflowActionHandler` has the same rule); it is asked and never stored.
 */
export async function receiveAction(c: Context<GatewayHono>, opened: OpenedWorkflowReceiver): Promise<object> {
  const { receiver } = opened;
  const { name } = receiver;
  const marks = new URL(c.req.url).searchParams;
  for (const secret of secretParameters(receiver)) marks.delete(secret);
  const options = marks.get("options");
  const isForm = options === null && marks.has("fields");
  const methods = options !== null ? ["GET"] : isForm ? ["POST"] : METHODS;
  if (!methods.includes(c.req.method)) throw new MethodNotAllowedError(methods);
  if (options !== null) {
    const data = { receiver: name, options, query: await readQuery(c, receiver) };
    return answerOf(c, opened, { type: "workflow.options", data }, workflowOptionsReply);
  }
  const action = await readAction(c, receiver);
  const event = actionEvent(name, action);
  const data = { ...event.data, branches: action.branches };
  if (isForm) {
    checkLocation(receiver, event.locationId);
    return answerOf(c, opened, { type: "workflow.fields", data }, workflowFieldsReply);
  }
  const eventId = await keep(c, receiver, event);
  if (receiver.callback === null) return {};
  return answerOf(c, opened, { type: "workflow.action", data: { ...data, eventId } }, (answer) =>
    workflowActionReply(action, answer),
  );
}
