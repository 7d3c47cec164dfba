import { ConfigurationError, MethodNotAllowedError, TriggerSubscriptionError } from "../errors.ts";
import { readText } from "../http/body.ts";
import { fieldsProblem } from "../http/form.ts";
import { callOwn } from "../http/handler.ts";
import { type DynamicField, filtersReply } from "./action-reply.ts";
import { secretParameters } from "./auth.ts";
import { bodyOf } from "./envelope.ts";
import { type WorkflowContext, type WorkflowHandler, type WorkflowHandlerOptions, workflowHandler } from "./handler.ts";
import { checkTable, chosen, type OptionsFunctions, type Own, replyWithOptions } from "./own-functions.ts";
import { parseTriggerSubscription, type TriggerSubscription } from "./trigger.ts";
import { asksForFilters, parseTriggerFilters, type TriggerFiltersRequest } from "./trigger-filters.ts";
import { trustedHosts, type WorkflowUrlOptions } from "./url.ts";

export interface TriggerSubscriptionHandlerOptions<Args extends readonly unknown[] = readonly unknown[]>
  extends WorkflowHandlerOptions,
    WorkflowUrlOptions {
  /** Stores or forgets the subscription. Awaited: HighLevel hears of success only after it. */
  readonly onSubscription: (subscription: TriggerSubscription, context: WorkflowContext<Args>) => unknown;
  /**
   * For a trigger whose filters are dynamic: by the trigger's key. Its URL may be the subscription's. Without a function for its key a
   * call is answered 404.
   */
  readonly filters?: Readonly<Record<string, Own<Args, TriggerFiltersRequest, readonly DynamicField[]>>>;
  /** For filters whose options come from an external API: by the name you end its URL with, `?options=name`. */
  readonly options?: OptionsFunctions<Args>;
}

/**
 * A handler for the calls HighLevel makes for your app's workflow triggers (subscriptions, dynamic filters, options of filters), in the same form on Workers, Node, Deno and Bun. Never rejects.
 *
 * @throws {ConfigurationError} at once, when an option cannot be used.
 * @see https://marketplace.gohighlevel.com/docs/marketplace-modules/CustomTriggers (copy of 2026-08-30)
 */
export function createTriggerSubscriptionHandler<Args extends readonly unknown[] = readonly unknown[]>(
  options: TriggerSubscriptionHandlerOptions<Args>,
): WorkflowHandler<Args> {
  const { onSubscription, filters = {}, options: choices = {} } = options;
  if (typeof onSubscription !== "function") throw new ConfigurationError("onSubscription must be a function");
  trustedHosts(options);
  checkTable(filters, "filters");
  checkTable(choices, "options");

  // GET is for the options of a filter, POST for everything else.
  const methods = options.options === undefined ? ["POST"] : ["GET", "POST"];
  return workflowHandler(options, methods, async (context, maxBodyBytes) => {
    const { request } = context;
    const query = new URL(request.url).searchParams;
    for (const secret of secretParameters(options.auth)) query.delete(secret);
    const problem = fieldsProblem(query, "query");
    if (problem !== undefined) throw new TriggerSubscriptionError(problem);
    if (query.has("options")) return await replyWithOptions(choices, query, context);
    if (request.method !== "POST") throw new MethodNotAllowedError(["POST"]);
    const body = bodyOf(await readText(request, maxBodyBytes), (message) => new TriggerSubscriptionError(message));
    if (asksForFilters(body)) {
      const asked = parseTriggerFilters(body);
      const own = chosen(filters, asked.key ?? "", "meta.key");
      return filtersReply(await callOwn(() => own(asked, context)));
    }
    const subscription = parseTriggerSubscription(body, options);
    await callOwn(() => onSubscription(subscription, context));
    return { success: true };
  });
}
