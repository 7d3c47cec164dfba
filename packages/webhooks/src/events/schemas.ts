import { EVENT_TABLE } from "../generated/classifier.gen.ts";
import type { WebhookEventName, WebhookEvents } from "../generated/events.gen.ts";
import { isRecord } from "../json.ts";
import { type CheckIssue, checkEvent } from "./check.ts";
import { eventName } from "./event-of.ts";
import type { StandardResult, StandardSchema } from "./standard-schema.ts";

/** One schema per event, each a Standard Schema: usable wherever a library takes those. */
export type EventSchemas = { readonly [N in WebhookEventName]: StandardSchema<WebhookEvents[N]> };

/** Whether a `type` fits the event. Where it may be data, only the name of another event does not. */
function typeFits(name: WebhookEventName, type: unknown): boolean {
  const { untyped } = EVENT_TABLE[name];
  if (type === undefined || type === null) return untyped !== undefined;
  // The check of the envelope says that it must be a string.
  if (typeof type !== "string") return true;
  const named = eventName(type);
  return named === name || (named === undefined && untyped !== undefined && untyped !== "undocumented");
}

/** A `type` that names another event, or none where the event always has one. */
function typeIssues(name: WebhookEventName, payload: unknown, path: readonly PropertyKey[]): CheckIssue[] {
  const fits = !isRecord(payload) || typeFits(name, Object.hasOwn(payload, "type") ? payload.type : undefined);
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
 * Checks a payload at run time: `schemas.ContactCreate["~standard"].validate(payload)`. Wrong kinds of value are issues
 * with their path; unknown fields, unknown values of a list of words, and null for an optional field are not.
 */
export const schemas: EventSchemas = /* @__PURE__ */ buildSchemas();
