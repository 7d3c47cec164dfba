import { toAsciiLowerCase } from "@ghl-edge/core";
import type { ClassifiedEvent, KnownEvent, UnknownEvent, UnknownReason } from "./event.ts";
import type { EventRow } from "./event-table.ts";
import { EVENT_TABLE, LEGACY_NAMES } from "./generated/classifier.gen.ts";
import type { WebhookEventName } from "./generated/events.gen.ts";
import { isRecord, ownText } from "./json.ts";

/** Every event that can be subscribed to. */
export const eventNames: readonly WebhookEventName[] = /* @__PURE__ */ Object.freeze(
  Object.keys(EVENT_TABLE) as WebhookEventName[],
);
const NAMES: ReadonlyMap<string, WebhookEventName> = /* @__PURE__ */ nameIndex();
const LEGACY: ReadonlySet<string> = /* @__PURE__ */ new Set(LEGACY_NAMES.map((name) => toAsciiLowerCase(name)));

function nameIndex(): Map<string, WebhookEventName> {
  const index = new Map<string, WebhookEventName>();
  for (const name of eventNames) {
    const { wire, aliases = [] } = EVENT_TABLE[name];
    for (const known of [name, ...(wire === undefined ? [] : [wire]), ...aliases])
      index.set(toAsciiLowerCase(known), name);
  }
  return index;
}

/**
 * The event that a name stands for, in any letter case: the portal's name (`AppInstall`), the value of `type` on the wire
 * (`INSTALL`), or an alias. undefined when it stands for none.
 */
export function eventName(name: string): WebhookEventName | undefined {
  return NAMES.get(toAsciiLowerCase(name));
}

/** The usual value of `type` on the wire: `wireType("AppInstall")` is `"INSTALL"`. */
export function wireType(name: WebhookEventName): string {
  return EVENT_TABLE[name].wire ?? name;
}

function hasMarker(payload: Readonly<Record<string, unknown>>, { markers }: EventRow): boolean {
  return markers === undefined || markers.some((field) => Object.hasOwn(payload, field));
}

/** Events without a usable `type` whose marker fields the payload has. */
function candidatesFor(payload: Readonly<Record<string, unknown>>): WebhookEventName[] {
  return eventNames.filter((name) => EVENT_TABLE[name].markers !== undefined && hasMarker(payload, EVENT_TABLE[name]));
}

function unknown(event: unknown, reason: UnknownReason, candidates: readonly WebhookEventName[] = []): UnknownEvent {
  return { name: "unknown", event, reason, candidates };
}

function known(name: WebhookEventName, event: unknown, toldBy: "type" | "hint"): KnownEvent {
  return { name, event, toldBy } as KnownEvent;
}

function listOf(items: readonly unknown[], hint: string | undefined): ClassifiedEvent {
  const names = new Set(items.map((item) => (Array.isArray(item) ? "unknown" : eventOf(item, hint).name)));
  const [name] = names;
  if (names.size !== 1 || name === undefined || name === "unknown" || !EVENT_TABLE[name].list) {
    return unknown(items, "not-an-event");
  }
  return known(name, items, eventOf(items[0]).name === name ? "type" : "hint");
}

/**
 * Names the event of a payload. The payload's own `type` decides wherever it names an event, since it was signed. `hint` is
 * the name you gave the receiving URL (`?event=InvoicePaid`): it decides only where `type` is missing or is data of the
 * record, and only when the payload has the fields of that event. Never guesses: what is left is `unknown`.
 */
export function eventOf(payload: unknown, hint?: string): ClassifiedEvent {
  if (Array.isArray(payload)) return listOf(payload, hint);
  if (!isRecord(payload)) return unknown(payload, "not-an-event");
  const type = ownText(payload, "type");
  const typed = type === undefined ? undefined : eventName(type);
  if (typed !== undefined) return known(typed, payload, "type");
  if (type !== undefined && LEGACY.has(toAsciiLowerCase(type))) return unknown(payload, "legacy-name");
  const hinted = hint === undefined ? undefined : eventName(hint);
  if (hinted !== undefined) {
    const row = EVENT_TABLE[hinted];
    // A `type` that names nothing is data only where the hinted event has such a field.
    if ((type === undefined || row.untyped === "payload") && hasMarker(payload, row))
      return known(hinted, payload, "hint");
    return unknown(payload, "hint-contradicted", candidatesFor(payload));
  }
  const reason = hint !== undefined ? "hint-unrecognised" : type === undefined ? "type-missing" : "type-unrecognised";
  return unknown(payload, reason, candidatesFor(payload));
}
