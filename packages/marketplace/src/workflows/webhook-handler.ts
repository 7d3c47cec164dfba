import { ConfigurationError } from "../errors.ts";
import { callOwn } from "../http/handler.ts";
import { secretParameters } from "./auth.ts";
import { type WorkflowContext, type WorkflowHandler, type WorkflowHandlerOptions, workflowHandler } from "./handler.ts";
import { parseWorkflowWebhook } from "./parse-webhook.ts";
import { WEBHOOK_METHODS, type WorkflowWebhook } from "./webhook.ts";

/** The members of a JSON object. */
export type WorkflowReply = Readonly<Record<string, unknown>>;

export interface WorkflowWebhookHandlerOptions<Args extends readonly unknown[] = readonly unknown[]>
  extends WorkflowHandlerOptions {
  /** What it returns is the answer, which a Custom Webhook can save for later steps; nothing is `{ success: true }`. */
  readonly onWebhook: (
    webhook: WorkflowWebhook,
    context: WorkflowContext<Args>,
  ) => WorkflowReply | undefined | void | Promise<WorkflowReply | undefined> | Promise<void>;
}

/**
 * A handler for the requests of workflows' Webhook and Custom Webhook actions, in the same form on Workers, Node, Deno and Bun. Never
 * rejects.
 *
 * HighLevel may send a Custom Webhook again after an answer that is not 2xx, with nothing to tell the repetition by.
 *
 * @throws {ConfigurationError} at once, when an option cannot be used.
 */
export function createWorkflowWebhookHandler<Args extends readonly unknown[] = readonly unknown[]>(
  options: WorkflowWebhookHandlerOptions<Args>,
): WorkflowHandler<Args> {
  const { auth, onWebhook } = options;
  if (typeof onWebhook !== "function") throw new ConfigurationError("onWebhook must be a function");
  return workflowHandler(options, WEBHOOK_METHODS, async (context, maxBodyBytes) => {
    const webhook = await parseWorkflowWebhook(context.request, { maxBodyBytes, omitQuery: secretParameters(auth) });
    return (await callOwn(() => onWebhook(webhook, context))) ?? { success: true };
  });
}
