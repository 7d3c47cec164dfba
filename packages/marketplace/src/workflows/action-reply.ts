import { WorkflowActionReplyError } from "../errors.ts";
import type { WorkflowAction } from "./action.ts";
import { isObject } from "./fields.ts";

/** A choice in a select, multi-select or radio field. */
export interface WorkflowOption {
  readonly label: string;
  readonly value: string;
}

/** A field of a form that your app gives HighLevel while the user fills it in; a filter of a trigger has the first three types alone. */
export interface DynamicField {
  /** Its value is in `data` by this name. */
  readonly field: string;
  readonly title: string;
  /** HighLevel's pages write `numerical` and `numeric` for numbers; its command-line tool takes the first. */
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

/** Fields that are shown together. */
export interface DynamicSection {
  readonly section: string;
  readonly fields: readonly DynamicField[];
}

/**
 * What an action gives the steps after it, by the references in the portal's sample. `branchId` sends the contact down that branch,
 * unless the action pauses.
 */
export type WorkflowActionOutput = { readonly branchId?: string } & { readonly [name: string]: unknown };

function checkText(value: unknown, name: string): void {
  if (typeof value !== "string" || value === "") throw new WorkflowActionReplyError(`${name} is missing`, name);
}

function listOf(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new WorkflowActionReplyError(`${name} is no list`, name);
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

/** Options in the shape HighLevel reads. @throws {WorkflowActionReplyError} where they are none. */
export function optionsReply(options: unknown): object {
  checkOptions(options);
  return { options };
}

/** Sections in the shape HighLevel reads. @throws {WorkflowActionReplyError} where they are none. */
export function dynamicFieldsReply(sections: unknown): object {
  for (const section of listOf(sections, "fields")) {
    const { section: title, fields } = Object(section) as Partial<DynamicSection>;
    checkText(title, "section");
    checkFields(fields, "fields");
  }
  return { inputs: sections };
}

/** A trigger's dynamic filters in the shape HighLevel reads: a flat list. @throws {WorkflowActionReplyError} where they are none. */
export function filtersReply(filters: unknown): object {
  checkFields(filters, "filters");
  return { filters };
}

/**
 * What an action answers. Nothing is an empty object: the step was carried out, and says nothing to the ones after it.
 *
 * @throws {WorkflowActionReplyError} where it cannot be written so.
 */
export function actionReply({ branches }: WorkflowAction, output: unknown = {}): object {
  if (!isObject(output)) throw new WorkflowActionReplyError("the output is no object");
  const { branchId } = output;
  if (branchId === undefined) return output;
  checkText(branchId, "branchId");
  // HighLevel would find no such branch; where it sent none, the payload is the app's own.
  if (branches.length > 0 && !branches.some(({ id }) => id === branchId)) {
    throw new WorkflowActionReplyError("branchId is none of the action's branches", "branchId");
  }
  return output;
}
