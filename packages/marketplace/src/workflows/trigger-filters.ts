import { TriggerSubscriptionError } from "../errors.ts";
import { bodyOf, metaOf, type Tenant, tenantOf } from "./envelope.ts";
import { type Fields, membersOf } from "./fields.ts";

/**
 * HighLevel asks which filters a trigger has, while a user sets one up in a workflow: the same parts as a call for an action's dynamic
 * field.
 *
 * @see https://marketplace.gohighlevel.com/docs/marketplace-modules/CustomTriggers (copy of 2026-08-30), "Type: Dynamic"
 */
export interface TriggerFiltersRequest extends Tenant {
  /** Which of your triggers. */
  readonly key?: string;
  /** Of the trigger, as it was published: `1.0`. */
  readonly version?: string;
  /** What the user has filled in so far, by the references of the filters; empty where there is none. */
  readonly data: Fields;
  /** All that was sent, unchecked. */
  readonly body: Fields;
}

/** A subscription has `triggerData`, a call for filters never does: one URL serves both. */
export function asksForFilters(body: Fields): boolean {
  return Object.hasOwn(body, "data") && Object.keys(membersOf(body, "triggerData")).length === 0;
}

/**
 * Reads a call for the filters of one of your app's triggers.
 *
 * @throws {TriggerSubscriptionError} where it is no object.
 */
export function parseTriggerFilters(input: string | Fields): TriggerFiltersRequest {
  const body = bodyOf(input, (message) => new TriggerSubscriptionError(message));
  return { ...metaOf(body), data: membersOf(body, "data"), ...tenantOf(membersOf(body, "extras")), body };
}
