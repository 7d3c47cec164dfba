import { describeValue } from "@ghl-edge/core";
import { ConfigurationError, MethodNotAllowedError } from "../../errors.ts";
import { readText } from "../../http/body.ts";
import { fieldsProblem } from "../../http/form.ts";
import { callAppFunction } from "../../http/handler.ts";
import { type DynamicField, filtersReply } from "../action/action-reply.ts";
import {
  type AppFunction,
  checkTable,
  type OptionsFunctions,
  replyWithOptions,
  selectFunction,
} from "../app-functions.ts";
import { secretParameters } from "../auth.ts";
import { bodyOf } from "../envelope.ts";
import { TriggerSubscriptionError } from "../errors.ts";
import {
  type WorkflowContext,
  type WorkflowHandler,
  type WorkflowHandlerOptions,
  workflowHandler,
} from "../handler.ts";
import { trustedHosts, type WorkflowUrlOptions } from "../url.ts";
import { parseTriggerSubscription, type TriggerSubscription } from "./trigger.ts";
import { isFiltersRequest, parseTriggerFilters, type TriggerFiltersRequest } from "./trigger-filters.ts";

/** Options of `createTriggerSubscriptionHandler`. */
export interface TriggerSubscriptionHandlerOptions<Args extends readonly unknown[] = readonly unknown[]>
  extends WorkflowHandlerOptions,
    WorkflowUrlOptions {
  /** Stores or deletes the subscription. HighLevel gets a success only after it has finished. */
  readonly onSubscription: (subscription: TriggerSubscription, context: WorkflowContext<Args>) => unknown;
  /**
   * Your functions for triggers with dynamic filters, by the trigger's key. Their URL may be that of the subscription. The response to a key
   * without a function is 404.
   */
  readonly filters?: Readonly<Record<string, AppFunction<Args, TriggerFiltersRequest, readonly DynamicField[]>>>;
  /** Your functions for filters with options from an external API, by the name at the end of its URL, `?options=name`. */
  readonly options?: OptionsFunctions<Args>;
}

/**
 * Creates a handler for HighLevel's calls for your app's workflow triggers, for Workers, Node, Deno and Bun. The calls are subscriptions,
 * dynamic filters and options of filters.
 *
 * @param options - Authentication and your functions
 * @returns A function from `Request` to `Response` that never rejects
 * @throws {ConfigurationError} when an option is invalid (`ERR_GHL_MARKETPLACE_CONFIGURATION`)
 * @see https://marketplace.gohighlevel.com/docs/marketplace-modules/CustomTriggers (copy of 2026-08-30)
 * @example
 * ```ts
 * import { createTriggerSubscriptionHandler } from "@ghl-edge/marketplace/workflows";
 *
 * const targets = new Map<string, string>();
 *
 * const subscriptions = createTriggerSubscriptionHandler({
 *   auth: { kind: "bearer", tokens: ["secret-token"] },
 *   onSubscription({ id = "", event, targetUrl }) {
 *     if (event === "deleted" || targetUrl === undefined) targets.delete(id);
 *     else targets.set(id, targetUrl);
 *   },
 * });
 *
 * export default { fetch: subscriptions };
 * ```
 */
export function createTriggerSubscriptionHandler<Args extends readonly unknown[] = readonly unknown[]>(
  options: TriggerSubscriptionHandlerOptions<Args>,
): WorkflowHandler<Args> {
  const { onSubscription, filters = {}, options: choices = {} } = options;
  if (typeof onSubscription !== "function")
    throw new ConfigurationError(`onSubscription must be a function, got ${describeValue(onSubscription)}`);
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
    if (request.method !== "POST") throw new MethodNotAllowedError(["POST"], request.method);
    const body = bodyOf(await readText(request, maxBodyBytes), (message) => new TriggerSubscriptionError(message));
    if (isFiltersRequest(body)) {
      const call = parseTriggerFilters(body);
      const run = selectFunction(filters, call.key ?? "", "meta.key");
      return filtersReply(await callAppFunction(() => run(call, context)));
    }
    const subscription = parseTriggerSubscription(body, options);
    await callAppFunction(() => onSubscription(subscription, context));
    return { success: true };
  });
}
