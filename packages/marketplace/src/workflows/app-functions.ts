import { describeValue } from "@ghl-edge/core";
/** Selects the app's functions by a name in the request, for the handlers of actions and triggers. */
import { ConfigurationError, MethodNotAllowedError } from "../errors.ts";
import { callAppFunction } from "../http/handler.ts";
import { optionsReply, type WorkflowOption } from "./action/action-reply.ts";
import { WorkflowActionUnknownError } from "./errors.ts";
import { type Lists, listsOf } from "./fields.ts";
import type { WorkflowContext } from "./handler.ts";

/** A function of the app, which gets the parsed call and the context. */
export type AppFunction<Args extends readonly unknown[], Input, Result> = (
  input: Input,
  context: WorkflowContext<Args>,
) => Result | Promise<Result>;

/** A call for a field's options. HighLevel sends nothing but the URL that you configured. */
export interface WorkflowOptionsRequest {
  /** The query without the secret. */
  readonly query: Lists;
}

/** Functions by the name at the end of a URL, `?options=name`. */
export type OptionsFunctions<Args extends readonly unknown[]> = Readonly<
  Record<string, AppFunction<Args, WorkflowOptionsRequest, readonly WorkflowOption[]>>
>;

/** Returns the function with the name in the request. @throws {WorkflowActionUnknownError} when there is none */
export function selectFunction<T extends object>(
  table: Readonly<Record<string, T>>,
  name: string,
  parameter: string,
): T {
  if (!Object.hasOwn(table, name)) throw new WorkflowActionUnknownError("function not found", parameter);
  return table[name]!;
}

export function checkTable(table: object | undefined, name: string): void {
  for (const entry of Object.values(table ?? {})) {
    const functions: readonly unknown[] = typeof entry === "object" && entry !== null ? Object.values(entry) : [entry];
    if (functions.length === 0 || functions.some((each) => typeof each !== "function")) {
      throw new ConfigurationError(
        `${name} must be an object of functions, got ${describeValue(functions.find((each) => typeof each !== "function") ?? entry)}`,
      );
    }
  }
}

/**
 * Answers a call for a field's options.
 *
 * @throws {MethodNotAllowedError} unless the method is GET
 * @throws {WorkflowActionUnknownError} when there is no function with this name
 */
export async function replyWithOptions<Args extends readonly unknown[]>(
  options: OptionsFunctions<Args>,
  query: URLSearchParams,
  context: WorkflowContext<Args>,
): Promise<object> {
  if (context.request.method !== "GET") throw new MethodNotAllowedError(["GET"], context.request.method);
  const run = selectFunction(options, query.get("options") ?? "", "options");
  return optionsReply(await callAppFunction(() => run({ query: listsOf(query) }, context)));
}
