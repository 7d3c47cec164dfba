import { describeValue } from "@ghl-edge/core";
import { ConfigurationError, MethodNotAllowedError } from "../../errors.ts";
import { readText } from "../../http/body.ts";
import { fieldsProblem } from "../../http/form.ts";
import { callAppFunction } from "../../http/handler.ts";
import {
  type AppFunction,
  checkTable,
  type OptionsFunctions,
  replyWithOptions,
  selectFunction,
} from "../app-functions.ts";
import { secretParameters } from "../auth.ts";
import { WorkflowActionError } from "../errors.ts";
import { fieldsOfLists, listsOf } from "../fields.ts";
import { type WorkflowHandler, type WorkflowHandlerOptions, workflowHandler } from "../handler.ts";
import { parseWorkflowAction, type WorkflowAction } from "./action.ts";
import { actionReply, type DynamicSection, dynamicFieldsReply, type WorkflowActionOutput } from "./action-reply.ts";

/** Methods that the portal offers for an execution. @see docs/design/marketplace.md, "Marketplace actions" */
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

/** Your function for an action. It returns the output of the step. */
export type WorkflowActionFunction<Args extends readonly unknown[] = readonly unknown[]> = AppFunction<
  Args,
  WorkflowAction,
  // biome-ignore lint/suspicious/noConfusingVoidType: most functions return nothing.
  WorkflowActionOutput | void
>;

/** Options of `createWorkflowActionHandler`. */
export interface WorkflowActionHandlerOptions<Args extends readonly unknown[] = readonly unknown[]>
  extends WorkflowHandlerOptions {
  /** Your functions by the action's key. If versions differ, pass functions by version, with `default` for other versions. */
  readonly actions: Readonly<
    Record<string, WorkflowActionFunction<Args> | Readonly<Record<string, WorkflowActionFunction<Args>>>>
  >;
  /** Your functions for fields with options from an external API, by the name at the end of its URL, `?options=name`. */
  readonly options?: OptionsFunctions<Args>;
  /**
   * Your functions for dynamic fields, by the action's key. HighLevel calls a URL that ends with `?fields`. `data` has the values that the
   * user has entered so far.
   */
  readonly fields?: Readonly<Record<string, AppFunction<Args, WorkflowAction, readonly DynamicSection[]>>>;
}

/**
 * Creates a handler for HighLevel's calls for your app's workflow actions, for Workers, Node, Deno and Bun. The URL distinguishes executions,
 * options and dynamic fields.
 *
 * An execution has no id, and it is unpublished whether HighLevel retries after a failure.
 *
 * @param handlerOptions - Authentication and your functions
 * @returns A function from `Request` to `Response` that never rejects
 * @throws {ConfigurationError} when an option is invalid (`ERR_GHL_MARKETPLACE_CONFIGURATION`)
 * @see https://marketplace.gohighlevel.com/docs/marketplace-modules/CustomActions (copy of 2026-08-30)
 * @example
 * ```ts
 * import { createWorkflowActionHandler } from "@ghl-edge/marketplace/workflows";
 *
 * const actions = createWorkflowActionHandler({
 *   auth: { kind: "bearer", tokens: ["secret-token"] },
 *   actions: { greet: ({ data }) => ({ greeting: `Hello ${data.name}` }) },
 * });
 *
 * export default { fetch: actions };
 * ```
 */
export function createWorkflowActionHandler<Args extends readonly unknown[] = readonly unknown[]>(
  handlerOptions: WorkflowActionHandlerOptions<Args>,
): WorkflowHandler<Args> {
  const { actions, options = {}, fields = {} } = handlerOptions;
  if (typeof actions !== "object" || actions === null)
    throw new ConfigurationError(`actions must be an object of functions, got ${describeValue(actions)}`);
  for (const [name, table] of Object.entries({ actions, options, fields })) checkTable(table, name);

  function functionOf({ key = "", version }: WorkflowAction): WorkflowActionFunction<Args> {
    const action = selectFunction(actions, key, "meta.key");
    if (typeof action === "function") return action;
    const known = version !== undefined && Object.hasOwn(action, version);
    return selectFunction(action, known ? version : "default", "meta.version");
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
      if (request.method !== "POST") throw new MethodNotAllowedError(["POST"], request.method);
      const action = await actionOf(request, query, maxBodyBytes);
      const run = selectFunction(fields, action.key!, "meta.key");
      return dynamicFieldsReply(await callAppFunction(() => run(action, context)));
    }
    const action = await actionOf(request, query, maxBodyBytes);
    const run = functionOf(action);
    return actionReply(action, await callAppFunction(() => run(action, context)));
  });
}
