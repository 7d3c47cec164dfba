import { isObject } from "@ghl-edge/core";
import { EVENT_TABLE } from "../generated/classifier.gen.ts";
import type { WebhookEventName, WebhookEvents } from "../generated/events.gen.ts";
import { type CheckIssue, checkEvent } from "./check.ts";
import { eventName } from "./event-of.ts";
import type { StandardResult, StandardSchema } from "./standard-schema.ts";

/** One schema per event. Each is a Standard Schema, so it works with every library that accepts those. */
export type EventSchemas = { readonly [N in WebhookEventName]: StandardSchema<WebhookEvents[N]> };

/** Returns whether a `type` fits the event. When `type` may be data, only the name of another event does not fit. */
function typeFits(name: WebhookEventName, type: unknown): boolean {
  const { untyped } = EVENT_TABLE[name];
  if (type === undefined || type === null) return untyped !== undefined;
  // The check of the envelope reports that it must be a string.
  if (typeof type !== "string") return true;
  const named = eventName(type);
  return named === name || (named === undefined && untyped !== undefined && untyped !== "undocumented");
}

/** Returns an issue when `type` names another event, or when it is missing and the event always has one. */
function typeIssues(name: WebhookEventName, payload: unknown, path: readonly PropertyKey[]): CheckIssue[] {
  const fits = !isObject(payload) || typeFits(name, Object.hasOwn(payload, "type") ? payload.type : undefined);
  return fits ? [] : [{ message: `must name the event ${name}`, path: [...path, "type"] }];
}

function validate(name: WebhookEventName, payload: unknown): CheckIssue[] {
  const items = EVENT_TABLE[name].list && Array.isArray(payload) ? payload : undefined;
  if (items === undefined) return [...typeIssues(name, payload, []), ...checkEvent(name, payload)];
  return items.flatMap((item, index) => [...typeIssues(name, item, [index]), ...checkEvent(name, item, [index])]);
}

function eventSchema<N extends WebhookEventName>(name: N): StandardSchema<WebhookEvents[N]> {
  return {
    "~standard": {
      version: 1,
      vendor: "ghl-edge",
      validate(value: unknown): StandardResult<WebhookEvents[N]> {
        const issues = validate(name, value);
        return issues.length > 0 ? { issues } : { value: value as WebhookEvents[N] };
      },
    },
  };
}

function buildSchemas(): EventSchemas {
  const names = Object.keys(EVENT_TABLE) as WebhookEventName[];
  return Object.fromEntries(names.map((name) => [name, eventSchema(name)])) as unknown as EventSchemas;
}

/**
 * Standard Schemas that check a payload at run time. A value of the wrong type is an issue with its path. Unknown fields, unknown values
 * of an enumeration, and null for an optional field are not issues.
 *
 * @example
 * ```ts
 * import { schemas } from "@ghl-edge/webhooks";
 *
 * const result = schemas.ContactCreate["~standard"].validate({ type: "ContactCreate", email: 5 });
 * console.log(result); // { issues: [{ message: "must be string, got number", path: ["email"] }] }
 * ```
 */
export const schemas: EventSchemas = /* @__PURE__ */ buildSchemas();
