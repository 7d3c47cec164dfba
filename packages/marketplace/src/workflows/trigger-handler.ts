import { ConfigurationError } from "../errors.ts";
import { readText } from "../http/body.ts";
import { callOwn } from "../http/handler.ts";
import { type WorkflowContext, type WorkflowHandler, type WorkflowHandlerOptions, workflowHandler } from "./handler.ts";
import { parseTriggerSubscription, type TriggerSubscription } from "./trigger.ts";
import { trustedHosts, type WorkflowUrlOptions } from "./url.ts";

export interface TriggerSubscriptionHandlerOptions<Args extends readonly unknown[] = readonly unknown[]>
  extends WorkflowHandlerOptions,
    WorkflowUrlOptions {
  /** Stores or forgets the subscription. Awaited: HighLevel hears of success only after it. */
  readonly onSubscription: (subscription: TriggerSubscription, context: WorkflowContext<Args>) => unknown;
}

/**
 * A handler for the subscription URL of your app's workflow triggers, in the same form on Workers, Node, Deno and Bun. Never rejects,
 * never logs.
 *
 * @throws {ConfigurationError} at once, when an option cannot be used.
 * @see https://marketplace.gohighlevel.com/docs/marketplace-modules/CustomTriggers (copy of 2026-08-30)
 */
export function createTriggerSubscriptionHandler<Args extends readonly unknown[] = readonly unknown[]>(
  options: TriggerSubscriptionHandlerOptions<Args>,
): WorkflowHandler<Args> {
  const { onSubscription } = options;
  if (typeof onSubscription !== "function") throw new ConfigurationError("onSubscription must be a function");
  trustedHosts(options);
  return workflowHandler(options, ["POST"], async (context, maxBodyBytes) => {
    const subscription = parseTriggerSubscription(await readText(context.request, maxBodyBytes), options);
    await callOwn(() => onSubscription(subscription, context));
    return { success: true };
  });
}
