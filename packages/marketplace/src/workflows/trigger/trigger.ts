import { describeSecret, isObject } from "@ghl-edge/core";
import { present } from "../../present.ts";
import { bodyOf, metaOf, type Tenant, tenantOf } from "../envelope.ts";
import { TriggerSubscriptionError, TriggerTargetUrlError } from "../errors.ts";
import { type Fields, firstText, membersOf } from "../fields.ts";
import { trustedHosts, type UrlLike, type WorkflowUrlOptions, workflowUrl } from "../url.ts";

/** @see https://marketplace.gohighlevel.com/docs/marketplace-modules/CustomTriggers (copy of 2026-08-30) */
const PREFIX = "/workflows-marketplace/triggers/execute";

/** A condition that the user set on your trigger. It is unpublished whether HighLevel checks it too. */
export interface TriggerFilter {
  readonly field?: string;
  readonly id?: string;
  /** `==`, or an unpublished operator. */
  readonly operator?: string;
  readonly title?: string;
  /** `string`, `select`, `multiselect`. */
  readonly type?: string;
  readonly value?: unknown;
}

/** Common fields of all subscriptions. */
export interface TriggerSubscriptionFields extends Omit<Tenant, "contactId"> {
  /** Original name of the event. */
  readonly eventType: string;
  /** Id of the trigger in this workflow. Store the subscription by it. */
  readonly id?: string;
  /** Key of the trigger in your app. */
  readonly key?: string;
  /** Published version of the trigger, such as `1.0`. */
  readonly version?: string;
  readonly filters: readonly TriggerFilter[];
}

/**
 * Subscription of a workflow: a user added, changed or removed your app's trigger. `targetUrl` starts the workflow. Store it like a secret,
 * and delete it when the trigger is deleted.
 */
export type TriggerSubscription = TriggerSubscriptionFields &
  (
    | { readonly event: "created" | "updated"; readonly targetUrl: string }
    /** `unknown` is an event that is newer than this package. */
    | { readonly event: "deleted" | "unknown"; readonly targetUrl?: string }
  );

const EVENTS: Readonly<Record<string, "created" | "updated" | "deleted">> = {
  CREATED: "created",
  UPDATED: "updated",
  DELETED: "deleted",
};

function filterOf(filter: Fields): TriggerFilter {
  const { field, id, operator, title, type, value } = filter;
  return present({
    field: firstText([field]),
    id: firstText([id]),
    operator: firstText([operator]),
    title: firstText([title]),
    type: firstText([type]),
    value,
  });
}

/** @throws {TriggerTargetUrlError} when it is another URL */
export function targetUrlOf(input: UrlLike, hosts: ReadonlySet<string>): URL {
  const url = workflowUrl(input, PREFIX, hosts);
  if (typeof url === "string") throw new TriggerTargetUrlError(url);
  return url;
}

function targetOf(value: unknown, hosts: ReadonlySet<string>): string | undefined {
  const text = firstText([value]);
  if (text === undefined) return undefined;
  const url = workflowUrl(text, PREFIX, hosts);
  if (typeof url === "string") {
    throw new TriggerSubscriptionError(
      `targetUrl must be the execution URL of a trigger of HighLevel, got ${describeSecret(text)}`,
      "triggerData.targetUrl",
    );
  }
  return url.href;
}

/**
 * Reads a subscription of one of your app's triggers. Its `targetUrl` must be on HighLevel's host or one of `hosts`, because it gets a token.
 *
 * @param input - The body, as JSON text or parsed
 * @param options - Trusted hosts
 * @returns The subscription
 * @throws {TriggerSubscriptionError} with the name of the field but not its value (`ERR_GHL_WORKFLOW_TRIGGER`)
 * @throws {ConfigurationError} when an option is invalid (`ERR_GHL_MARKETPLACE_CONFIGURATION`)
 * @example
 * ```ts
 * import { parseTriggerSubscription } from "@ghl-edge/marketplace/workflows";
 *
 * const { event, id } = parseTriggerSubscription({ triggerData: { id: "t1", eventType: "DELETED" } });
 * console.log(event, id); // "deleted" "t1"
 * ```
 */
export function parseTriggerSubscription(
  input: string | Fields,
  options: WorkflowUrlOptions = {},
): TriggerSubscription {
  const hosts = trustedHosts(options);
  const body = bodyOf(input, (message) => new TriggerSubscriptionError(message));
  const trigger = membersOf(body, "triggerData");
  const eventType = firstText([trigger.eventType]);
  if (eventType === undefined) throw new TriggerSubscriptionError("eventType is missing", "triggerData.eventType");
  const name = eventType.trim().toUpperCase();
  const event = Object.hasOwn(EVENTS, name) ? EVENTS[name]! : "unknown";
  const meta = metaOf(body);
  const { contactId: _none, ...tenant } = tenantOf(membersOf(body, "extras"));
  const filters: readonly unknown[] = Array.isArray(trigger.filters) ? trigger.filters : [];
  const subscription: TriggerSubscriptionFields = {
    eventType,
    ...present({ id: firstText([trigger.id]), key: firstText([trigger.key, meta.key]), version: meta.version }),
    filters: filters.filter(isObject).map(filterOf),
    ...tenant,
  };
  const targetUrl = targetOf(trigger.targetUrl, hosts);
  if (event === "deleted" || event === "unknown") return { ...subscription, event, ...present({ targetUrl }) };
  if (targetUrl === undefined) throw new TriggerSubscriptionError("targetUrl is missing", "triggerData.targetUrl");
  return { ...subscription, event, targetUrl };
}
