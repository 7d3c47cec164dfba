import { isObject } from "@ghl-edge/core";
import { present } from "../../present.ts";
import { bodyOf, metaOf, type Tenant, tenantOf } from "../envelope.ts";
import { WorkflowActionError } from "../errors.ts";
import { type Fields, firstId, firstText, membersOf } from "../fields.ts";

/** A path that a contact can take after the action. */
export interface WorkflowBranch {
  /** Id for `branchId` of the output. */
  readonly id: string;
  readonly name?: string;
  readonly fields: Fields;
}

/**
 * Call of HighLevel when a contact reaches your app's action in a workflow, or when a user fills in its form. Every part may be missing,
 * because an app can define its own payload.
 *
 * @see https://marketplace.gohighlevel.com/docs/marketplace-modules/CustomActions (copy of 2026-08-30)
 */
export interface WorkflowAction extends Tenant {
  /** Key of the action in your app. */
  readonly key?: string;
  /** Published version of the action, such as `1.0`. */
  readonly version?: string;
  /** Values that the user entered, by the references of the fields; empty when there are none. */
  readonly data: Fields;
  /** Branches of the action; empty when it has none. */
  readonly branches: readonly WorkflowBranch[];
  /** All extras. An action that pauses must send them back. */
  readonly extras: Fields;
  /** The whole body, unchecked. */
  readonly body: Fields;
}

function branchesOf(value: unknown): WorkflowBranch[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  return list.filter(isObject).flatMap((branch) => {
    const id = firstId([branch.id]);
    const fields = isObject(branch.fields) ? branch.fields : {};
    return id === undefined ? [] : [{ id, ...present({ name: firstText([branch.name]) }), fields }];
  });
}

/**
 * Reads an execution of an action. HighLevel's pages have the branches in `data`. Branches outside `data` are read too.
 *
 * @param input - The body, as JSON text or parsed
 * @returns The execution
 * @throws {WorkflowActionError} when the body is not an object (`ERR_GHL_WORKFLOW_ACTION`)
 * @example
 * ```ts
 * import { parseWorkflowAction } from "@ghl-edge/marketplace/workflows";
 *
 * const { key, data } = parseWorkflowAction({ data: { name: "Ada" }, meta: { key: "greet" } });
 * console.log(key, data.name); // "greet" "Ada"
 * ```
 */
export function parseWorkflowAction(input: string | Fields): WorkflowAction {
  const body = bodyOf(input, (message) => new WorkflowActionError(message));
  const { branches, ...data } = membersOf(body, "data");
  const extras = membersOf(body, "extras");
  return {
    ...metaOf(body),
    data,
    branches: branchesOf(branches ?? body.branches),
    ...tenantOf(extras),
    extras,
    body,
  };
}
