/** The app's functions by names that a request chooses: what the handlers of actions and of triggers share. */
import { ConfigurationError, MethodNotAllowedError, WorkflowActionUnknownError } from "../errors.ts";
import { callOwn } from "../http/handler.ts";
import { optionsReply, type WorkflowOption } from "./action-reply.ts";
import { type Lists, listsOf } from "./fields.ts";
import type { WorkflowContext } from "./handler.ts";

export type Own<Args extends readonly unknown[], Input, Result> = (
  input: Input,
  context: WorkflowContext<Args>,
) => Result | Promise<Result>;

/** A call for a field's options. HighLevel sends nothing with it but what you wrote into the URL. */
export interface WorkflowOptionsRequest {
  /** Without the secret. */
  readonly query: Lists;
}

/** By the name that a URL ends with, `?options=name`. */
export type OptionsFunctions<Args extends readonly unknown[]> = Readonly<
  Record<string, Own<Args, WorkflowOptionsRequest, readonly WorkflowOption[]>>
>;

/** A function by a name that a request chose. @throws {WorkflowActionUnknownError} */
export function chosen<T extends object>(table: Readonly<Record<string, T>>, name: string, parameter: string): T {
  if (!Object.hasOwn(table, name)) throw new WorkflowActionUnknownError("there is no function of this name", parameter);
  return table[name]!;
}

export function checkTable(table: object | undefined, name: string): void {
  for (const own of Object.values(table ?? {})) {
    const functions: readonly unknown[] = typeof own === "object" && own !== null ? Object.values(own) : [own];
    if (functions.length === 0 || functions.some((each) => typeof each !== "function")) {
      throw new ConfigurationError(`${name} must be functions`);
    }
  }
}

/**
 * Answers a call for a field's options.
 *
 * @throws {MethodNotAllowedError | WorkflowActionUnknownError}
 */
export async function replyWithOptions<Args extends readonly unknown[]>(
  options: OptionsFunctions<Args>,
  query: URLSearchParams,
  context: WorkflowContext<Args>,
): Promise<object> {
  if (context.request.method !== "GET") throw new MethodNotAllowedError(["GET"]);
  const own = chosen(options, query.get("options") ?? "", "options");
  return optionsReply(await callOwn(() => own({ query: listsOf(query) }, context)));
}
