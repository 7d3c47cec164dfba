import { describeSecret, isObject } from "@ghl-edge/core";
import { WorkflowActionReplyError } from "../errors.ts";
import type { WorkflowAction } from "./action.ts";

/** A choice in a select, multi-select or radio field. */
export interface WorkflowOption {
  readonly label: string;
  readonly value: string;
}

/** A form field that your app returns while the user fills in the form. A filter of a trigger may have only the first three types. */
export interface DynamicField {
  /** Name of the value in `data`. */
  readonly field: string;
  readonly title: string;
  /** Type of the field. HighLevel's pages have `numerical` and `numeric` for numbers, and its command-line tool accepts the first. */
  readonly fieldType:
    | "string"
    | "numerical"
    | "textarea"
    | "select"
    | "multiselect"
    | "radio"
    | "toggle"
    | "checkbox"
    | (string & {});
  readonly required?: boolean;
  readonly options?: readonly WorkflowOption[];
}

/** A group of fields. */
export interface DynamicSection {
  readonly section: string;
  readonly fields: readonly DynamicField[];
}

/**
 * Output of an action for later steps, by the references in the portal's sample. `branchId` selects the branch of the contact, unless the
 * action pauses.
 */
export type WorkflowActionOutput = { readonly branchId?: string } & { readonly [name: string]: unknown };

function checkText(value: unknown, name: string): void {
  if (typeof value !== "string" || value === "")
    throw new WorkflowActionReplyError(`${name} must be a non-empty string, got ${describeSecret(value)}`, name);
}

function listOf(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value))
    throw new WorkflowActionReplyError(`${name} must be a list, got ${describeSecret(value)}`, name);
  return value;
}

function checkOptions(value: unknown): void {
  for (const option of listOf(value, "options")) {
    const { label, value: stored } = Object(option) as Partial<WorkflowOption>;
    checkText(label, "label");
    checkText(stored, "value");
  }
}

function checkFields(value: unknown, name: string): void {
  for (const each of listOf(value, name)) {
    const { field, title, fieldType, options } = Object(each) as Partial<DynamicField>;
    checkText(field, "field");
    checkText(title, "title");
    checkText(fieldType, "fieldType");
    if (options !== undefined) checkOptions(options);
  }
}

/**
 * Writes the options of a field in the format of HighLevel.
 *
 * @param options - Label and value of each option
 * @returns The body of the response
 * @throws {WorkflowActionReplyError} when an option is invalid (`ERR_GHL_WORKFLOW_ACTION_REPLY`)
 * @example
 * ```ts
 * import { workflowOptionsReply } from "@ghl-edge/marketplace/workflows";
 *
 * console.log(workflowOptionsReply([{ label: "Red", value: "red" }]));
 * ```
 */
export function optionsReply(options: unknown): object {
  checkOptions(options);
  return { options };
}

/**
 * Writes the dynamic fields of an action in the format of HighLevel.
 *
 * @param sections - Groups of fields
 * @returns The body of the response
 * @throws {WorkflowActionReplyError} when a field is invalid (`ERR_GHL_WORKFLOW_ACTION_REPLY`)
 * @example
 * ```ts
 * import { workflowFieldsReply } from "@ghl-edge/marketplace/workflows";
 *
 * const fields = [{ field: "name", title: "Name", fieldType: "string" }];
 * console.log(workflowFieldsReply([{ section: "Person", fields }]));
 * ```
 */
export function dynamicFieldsReply(sections: unknown): object {
  for (const section of listOf(sections, "fields")) {
    const { section: title, fields } = Object(section) as Partial<DynamicSection>;
    checkText(title, "section");
    checkFields(fields, "fields");
  }
  return { inputs: sections };
}

/**
 * Writes the dynamic filters of a trigger in the format of HighLevel, which is a flat list.
 *
 * @param filters - The filters
 * @returns The body of the response
 * @throws {WorkflowActionReplyError} when a filter is invalid (`ERR_GHL_WORKFLOW_ACTION_REPLY`)
 * @example
 * ```ts
 * import { workflowFiltersReply } from "@ghl-edge/marketplace/workflows";
 *
 * console.log(workflowFiltersReply([{ field: "color", title: "Color", fieldType: "string" }]));
 * ```
 */
export function filtersReply(filters: unknown): object {
  checkFields(filters, "filters");
  return { filters };
}

/**
 * Writes the output of an action in the format of HighLevel. Without an output it is an empty object: the step is done and has no output.
 *
 * @param action - The execution
 * @param output - Result of your function
 * @returns The body of the response
 * @throws {WorkflowActionReplyError} when the output is invalid (`ERR_GHL_WORKFLOW_ACTION_REPLY`)
 * @example
 * ```ts
 * import { parseWorkflowAction, workflowActionReply } from "@ghl-edge/marketplace/workflows";
 *
 * const action = parseWorkflowAction({ data: { name: "Ada" }, meta: { key: "greet" } });
 * console.log(workflowActionReply(action, { greeting: `Hello ${action.data.name}` }));
 * ```
 */
export function actionReply(action: WorkflowAction, output: unknown = {}): object {
  const { branches } = action;
  if (!isObject(output)) throw new WorkflowActionReplyError(`output must be an object, got ${describeSecret(output)}`);
  const { branchId } = output;
  if (branchId === undefined) return output;
  checkText(branchId, "branchId");
  // HighLevel would not find another branch. Without branches, the app has its own payload.
  if (branches.length > 0 && !branches.some(({ id }) => id === branchId)) {
    throw new WorkflowActionReplyError(
      `branchId must be the id of a branch of the action, got ${describeSecret(branchId)}`,
      "branchId",
    );
  }
  return output;
}
