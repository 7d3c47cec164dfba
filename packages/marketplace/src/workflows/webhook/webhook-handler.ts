import { describeValue } from "@ghl-edge/core";
import { ConfigurationError } from "../../errors.ts";
import { callAppFunction } from "../../http/handler.ts";
import { secretParameters } from "../auth.ts";
import {
  type WorkflowContext,
  type WorkflowHandler,
  type WorkflowHandlerOptions,
  workflowHandler,
} from "../handler.ts";
import { parseWorkflowWebhook } from "./parse-webhook.ts";
import { WEBHOOK_METHODS, type WorkflowWebhook } from "./webhook.ts";

/** A JSON object as the response. */
export type WorkflowReply = Readonly<Record<string, unknown>>;

/** Options of `createWorkflowWebhookHandler`. */
export interface WorkflowWebhookHandlerOptions<Args extends readonly unknown[] = readonly unknown[]>
  extends WorkflowHandlerOptions {
  /** Handles a webhook. Its result is the response, which a Custom Webhook can save for later steps. Default: `{ success: true }`. */
  readonly onWebhook: (
    webhook: WorkflowWebhook,
    context: WorkflowContext<Args>,
  ) => WorkflowReply | undefined | void | Promise<WorkflowReply | undefined> | Promise<void>;
}

/**
 * Creates a handler for the requests of workflows' Webhook and Custom Webhook actions, for Workers, Node, Deno and Bun.
 *
 * HighLevel may send a Custom Webhook again after a response that is not 2xx. Nothing identifies the repetition.
 *
 * @param options - Authentication and your function
 * @returns A function from `Request` to `Response` that never rejects
 * @throws {ConfigurationError} when an option is invalid (`ERR_GHL_MARKETPLACE_CONFIGURATION`)
 * @example
 * ```ts
 * import { createWorkflowWebhookHandler } from "@ghl-edge/marketplace/workflows";
 *
 * const webhooks = createWorkflowWebhookHandler({
 *   auth: { kind: "query", name: "key", values: ["a-long-secret"] },
 *   onWebhook: ({ contact }) => console.log(contact.email),
 * });
 *
 * export default { fetch: webhooks };
 * ```
 */
export function createWorkflowWebhookHandler<Args extends readonly unknown[] = readonly unknown[]>(
  options: WorkflowWebhookHandlerOptions<Args>,
): WorkflowHandler<Args> {
  const { auth, onWebhook } = options;
  if (typeof onWebhook !== "function")
    throw new ConfigurationError(`onWebhook must be a function, got ${describeValue(onWebhook)}`);
  return workflowHandler(options, WEBHOOK_METHODS, async (context, maxBodyBytes) => {
    const webhook = await parseWorkflowWebhook(context.request, { maxBodyBytes, omitQuery: secretParameters(auth) });
    return (await callAppFunction(() => onWebhook(webhook, context))) ?? { success: true };
  });
}
