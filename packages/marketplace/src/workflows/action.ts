import { WorkflowActionError } from "../errors.ts";
import { present } from "../present.ts";
import { bodyOf, metaOf, type Tenant, tenantOf } from "./envelope.ts";
import { type Fields, firstId, firstText, isObject, membersOf } from "./fields.ts";

/** One of the paths a contact can take after the action. */
export interface WorkflowBranch {
  /** What goes into an answer's `branchId`. */
  readonly id: string;
  readonly name?: string;
  readonly fields: Fields;
}

/**
 * What HighLevel sends when a contact reaches your app's action in a workflow, or when a user fills in its form. Every part may be
 * missing: an app can write a payload of its own.
 *
 * @see https://marketplace.gohighlevel.com/docs/marketplace-modules/CustomActions (copy of 2026-08-30)
 */
export interface WorkflowAction extends Tenant {
  /** Which of your actions. */
  readonly key?: string;
  /** Of the action, as it was published: `1.0`. */
  readonly version?: string;
  /** What the user entered, by the references you gave the fields; empty where there is none. */
  readonly data: Fields;
  /** Empty where the action has none. */
  readonly branches: readonly WorkflowBranch[];
  /** Whole: what an action that pauses has to give back. */
  readonly extras: Fields;
  /** All that was sent, unchecked. */
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
 * Reads an execution of an action. HighLevel's pages have the branches in `data`; beside it they are read too.
 *
 * @throws {WorkflowActionError} where it is no object.
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
