import { ConfigurationError, MethodNotAllowedError, WorkflowActionError } from "../errors.ts";
import { readText } from "../http/body.ts";
import { fieldsProblem } from "../http/form.ts";
import { callOwn } from "../http/handler.ts";
import { parseWorkflowAction, type WorkflowAction } from "./action.ts";
import { actionReply, type DynamicSection, dynamicFieldsReply, type WorkflowActionOutput } from "./action-reply.ts";
import { secretParameters } from "./auth.ts";
import { fieldsOfLists, listsOf } from "./fields.ts";
import { type WorkflowHandler, type WorkflowHandlerOptions, workflowHandler } from "./handler.ts";
import { checkTable, chosen, type OptionsFunctions, type Own, replyWithOptions } from "./own-functions.ts";

/** @see docs/design/marketplace.md, "Marketplace actions": what the portal offers for an execution. */
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

export type WorkflowActionFunction<Args extends readonly unknown[] = readonly unknown[]> = Own<
  Args,
  WorkflowAction,
  // biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing is the usual one.
  WorkflowActionOutput | void
>;

export interface WorkflowActionHandlerOptions<Args extends readonly unknown[] = readonly unknown[]>
  extends WorkflowHandlerOptions {
  /** By the action's key; where versions differ, by version, with `default` for the rest. */
  readonly actions: Readonly<
    Record<string, WorkflowActionFunction<Args> | Readonly<Record<string, WorkflowActionFunction<Args>>>>
  >;
  /** For fields whose options come from an external API: by the name you end its URL with, `?options=name`. */
  readonly options?: OptionsFunctions<Args>;
  /** For an action's dynamic field: by the action's key, at a URL that ends with `?fields`. `data` has what is filled in so far. */
  readonly fields?: Readonly<Record<string, Own<Args, WorkflowAction, readonly DynamicSection[]>>>;
}

/**
 * A handler for the calls HighLevel makes for your app's workflow actions, in the same form on Workers, Node, Deno and Bun: executions,
 * and, told apart by the URL, options and dynamic fields. Never rejects.
 *
 * Nothing identifies an execution: whether HighLevel asks again after a failure is unpublished.
 *
 * @throws {ConfigurationError} at once, when an option cannot be used.
 * @see https://marketplace.gohighlevel.com/docs/marketplace-modules/CustomActions (copy of 2026-08-30)
 */
export function createWorkflowActionHandler<Args extends readonly unknown[] = readonly unknown[]>(
  handlerOptions: WorkflowActionHandlerOptions<Args>,
): WorkflowHandler<Args> {
  const { actions, options = {}, fields = {} } = handlerOptions;
  if (typeof actions !== "object" || actions === null) throw new ConfigurationError("actions must be functions");
  for (const [name, table] of Object.entries({ actions, options, fields })) checkTable(table, name);

  function functionOf({ key = "", version }: WorkflowAction): WorkflowActionFunction<Args> {
    const action = chosen(actions, key, "meta.key");
    if (typeof action === "function") return action;
    const known = version !== undefined && Object.hasOwn(action, version);
    return chosen(action, known ? version : "default", "meta.version");
  }

  async function actionOf(request: Request, query: URLSearchParams, maxBodyBytes: number): Promise<WorkflowAction> {
    const sent = request.method === "GET" ? fieldsOfLists(listsOf(query)) : await readText(request, maxBodyBytes);
    const action = parseWorkflowAction(sent);
    if (action.key === undefined) throw new WorkflowActionError("meta.key is missing", "meta.key");
    return action;
  }

  return workflowHandler<Args>(handlerOptions, METHODS, async (context, maxBodyBytes) => {
    const { request } = context;
    const query = new URL(request.url).searchParams;
    for (const secret of secretParameters(handlerOptions.auth)) query.delete(secret);
    const problem = fieldsProblem(query, "query");
    if (problem !== undefined) throw new WorkflowActionError(problem);
    if (query.has("options")) return await replyWithOptions(options, query, context);
    if (query.has("fields")) {
      if (request.method !== "POST") throw new MethodNotAllowedError(["POST"]);
      const action = await actionOf(request, query, maxBodyBytes);
      const own = chosen(fields, action.key!, "meta.key");
      return dynamicFieldsReply(await callOwn(() => own(action, context)));
    }
    const action = await actionOf(request, query, maxBodyBytes);
    const own = functionOf(action);
    return actionReply(action, await callOwn(() => own(action, context)));
  });
}
