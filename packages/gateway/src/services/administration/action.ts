import type * as v from "valibot";
import type { Role } from "../../domain/administration-model.ts";
import { checkInput } from "../../domain/input-problem.ts";
import { GatewayError } from "../../platform/errors.ts";
import { type ActionContext, invalid } from "./shared.ts";

/** Members of an input: path parameters first, then query parameters or fields of the body. It may be a pipe with checks of several members. */
export type InputSchema = v.GenericSchema & Pick<v.StrictObjectSchema<v.ObjectEntries, undefined>, "entries">;

/** Makes members read-only at every depth, so that what an action reads and returns may be. */
export type DeepReadonly<Value> = Value extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : Value extends object
    ? { readonly [Key in keyof Value]: DeepReadonly<Value[Key]> }
    : Value;

/** The route of an action. Members of the input that are not in the path are query parameters of GET and DELETE, else fields of the body. */
export interface ActionRoute {
  readonly method: "get" | "post" | "put" | "delete";
  /** Path in the notation of OpenAPI: `/admin/api-keys/{id}`. */
  readonly path: string;
  /** Status of a success. Default: 200. */
  readonly status?: 200 | 201 | 202 | 204;
  /** Name of the body's schema in the OpenAPI document. */
  readonly body?: string;
}

/** An action of an operator. Its HTTP route, its method of the service binding and its place in the OpenAPI document are made from it. */
export interface AdminAction<
  Input extends InputSchema = InputSchema,
  Output extends v.GenericSchema = v.GenericSchema,
> {
  readonly tag: string;
  readonly summary: string;
  /** The least role that may run it. A viewer's actions change nothing. */
  readonly role: Role;
  readonly http: ActionRoute;
  readonly input: Input;
  /** Schema of the result. It is documented and not checked at run time. */
  readonly output: Output;
  run(context: ActionContext, input: v.InferOutput<Input>): Promise<DeepReadonly<v.InferOutput<Output>>>;
}

/** Types an action by its schemas. */
export function defineAction<const Input extends InputSchema, const Output extends v.GenericSchema>(
  action: AdminAction<Input, Output>,
): AdminAction<Input, Output> {
  return action;
}

/** Fields whose value no message may quote, also where it is misspelt: tokens, secrets, and addresses that are secrets. */
const isSecret = (path: string): boolean => /(^|\.)(token|secret|target|url|service|callback)$/.test(path);

/**
 * Runs an action for a caller of any kind: checks the role, then reads and checks the input.
 *
 * @throws {GatewayError} `admin_forbidden`, `input_invalid`, and what the action throws
 */
export async function runAction(
  action: AdminAction,
  context: ActionContext,
  readInput: () => unknown,
): Promise<unknown> {
  if (action.role === "admin" && context.role !== "admin")
    throw new GatewayError({ kind: "admin_forbidden", needs: "admin" });
  const checked = checkInput(action.input, await readInput(), { isSecret });
  if ("problem" in checked) throw invalid(checked.problem.message);
  return action.run(context, checked.value);
}
