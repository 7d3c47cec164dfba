import { bodyOf, metaOf, type Tenant, tenantOf } from "../envelope.ts";
import { TriggerSubscriptionError } from "../errors.ts";
import { type Fields, membersOf } from "../fields.ts";

/**
 * Call of HighLevel for the filters of a trigger, while a user adds it to a workflow. It has the same parts as a call for an action's
 * dynamic fields.
 *
 * @see https://marketplace.gohighlevel.com/docs/marketplace-modules/CustomTriggers (copy of 2026-08-30), "Type: Dynamic"
 */
export interface TriggerFiltersRequest extends Tenant {
  /** Key of the trigger in your app. */
  readonly key?: string;
  /** Published version of the trigger, such as `1.0`. */
  readonly version?: string;
  /** Values that the user has entered so far, by the references of the filters; empty when there are none. */
  readonly data: Fields;
  /** The whole body, unchecked. */
  readonly body: Fields;
}

/** Returns whether a body is a call for filters. One URL serves both: a subscription has `triggerData`, a call for filters never does. */
export function isFiltersRequest(body: Fields): boolean {
  return Object.hasOwn(body, "data") && Object.keys(membersOf(body, "triggerData")).length === 0;
}

/**
 * Reads a call for the filters of one of your app's triggers.
 *
 * @param input - The body, as JSON text or parsed
 * @returns The call
 * @throws {TriggerSubscriptionError} when the body is not an object (`ERR_GHL_WORKFLOW_TRIGGER`)
 * @example
 * ```ts
 * import { parseTriggerFilters } from "@ghl-edge/marketplace/workflows";
 *
 * console.log(parseTriggerFilters({ data: {}, meta: { key: "order" } }).key); // "order"
 * ```
 */
export function parseTriggerFilters(input: string | Fields): TriggerFiltersRequest {
  const body = bodyOf(input, (message) => new TriggerSubscriptionError(message));
  return { ...metaOf(body), data: membersOf(body, "data"), ...tenantOf(membersOf(body, "extras")), body };
}
