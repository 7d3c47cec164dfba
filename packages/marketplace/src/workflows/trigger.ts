import { TriggerSubscriptionError, TriggerTargetUrlError } from "../errors.ts";
import { present } from "../present.ts";
import { bodyOf, metaOf, type Tenant, tenantOf } from "./envelope.ts";
import { type Fields, firstText, isObject, membersOf } from "./fields.ts";
import { trustedHosts, type UrlLike, type WorkflowUrlOptions, workflowUrl } from "./url.ts";

/** @see https://marketplace.gohighlevel.com/docs/marketplace-modules/CustomTriggers (copy of 2026-08-30) */
const PREFIX = "/workflows-marketplace/triggers/execute";

/** A condition the user set on your trigger. HighLevel sends it; whether it checks it too is unpublished. */
export interface TriggerFilter {
  readonly field?: string;
  readonly id?: string;
  /** `==`, and others that are unpublished. */
  readonly operator?: string;
  readonly title?: string;
  /** `string`, `select`, `multiselect`. */
  readonly type?: string;
  readonly value?: unknown;
}

interface Subscription extends Omit<Tenant, "contactId"> {
  /** As it was sent. */
  readonly eventType: string;
  /** Of the trigger in this workflow: what to store the rest by. */
  readonly id?: string;
  /** Which of your triggers. */
  readonly key?: string;
  /** Of the trigger, as it was published: `1.0`. */
  readonly version?: string;
  readonly filters: readonly TriggerFilter[];
}

/**
 * A user added your app's trigger to a workflow, changed it there, or took it out. `targetUrl` is what starts the workflow: keep it
 * like a secret, and forget it when the trigger is deleted.
 */
export type TriggerSubscription = Subscription &
  (
    | { readonly event: "created" | "updated"; readonly targetUrl: string }
    /** `unknown`: an event that HighLevel added since. */
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

/** @throws {TriggerTargetUrlError} */
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
    throw new TriggerSubscriptionError("targetUrl is no trigger target of HighLevel's", "triggerData.targetUrl");
  }
  return url.href;
}

/**
 * Reads a subscription of one of your app's triggers. Its `targetUrl` must be HighLevel's or one of `hosts`: a token goes there.
 *
 * @throws {TriggerSubscriptionError} naming the field, never its value.
 * @throws {ConfigurationError}
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
  const subscription: Subscription = {
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
