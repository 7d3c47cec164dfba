import { isObject, toAsciiLowerCase } from "@ghl-edge/core";
import { EVENT_TABLE, LEGACY_NAMES } from "../generated/classifier.gen.ts";
import type { WebhookEventName } from "../generated/events.gen.ts";
import { ownText } from "../json.ts";
import type { ClassifiedEvent, KnownEvent, UnknownEvent, UnknownReason } from "./event.ts";

/** Names of all events that an app can subscribe to. */
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
 * Finds the event with a name, in any letter case: the portal's name (`AppInstall`), the value of `type` on the wire (`INSTALL`), or an
 * alias.
 *
 * @param name - The name to look up
 * @returns The portal's name of the event, or undefined when there is no such event
 * @example
 * ```ts
 * import { eventName } from "@ghl-edge/webhooks";
 *
 * console.log(eventName("install")); // "AppInstall"
 * ```
 */
export function eventName(name: string): WebhookEventName | undefined {
  return NAMES.get(toAsciiLowerCase(name));
}

/**
 * Returns the usual value of `type` on the wire.
 *
 * @param name - The portal's name of the event
 * @returns The value of `type`
 * @example
 * ```ts
 * import { wireType } from "@ghl-edge/webhooks";
 *
 * console.log(wireType("AppInstall")); // "INSTALL"
 * ```
 */
export function wireType(name: WebhookEventName): string {
  return EVENT_TABLE[name].wire ?? name;
}

/** Matches two capitalized words without a space. HighLevel writes the names of events so: `InvoicePaid`, `LCEmailStats`. */
const EVENT_NAME_FORMAT = /^[A-Z][A-Za-z0-9]*[A-Z][A-Za-z0-9]*$/;

/** Returns whether an unknown `type` reads like the name of an event newer than this package. */
function looksLikeName(type: string): boolean {
  return EVENT_NAME_FORMAT.test(type) && type !== type.toUpperCase();
}

/** Returns whether a payload can be this event without a `type` that names it: it is documented so, and a marker field is present. */
function fits(name: WebhookEventName, payload: Readonly<Record<string, unknown>>, type: string | undefined): boolean {
  const { untyped, markers } = EVENT_TABLE[name];
  if (markers === undefined || !markers.some((field) => Object.hasOwn(payload, field))) return false;
  // A provider's message always has a channel. The end of a call has a `messageId` too, and must not match.
  if (untyped === "channel") return type !== undefined;
  // Data in `type`, such as the type of a price, does not identify the event. An unknown event name means a different event.
  return untyped !== "undocumented" && untyped !== undefined && (type === undefined || !looksLikeName(type));
}

function candidatesFor(payload: Readonly<Record<string, unknown>>, type: string | undefined): WebhookEventName[] {
  return eventNames.filter((name) => fits(name, payload, type));
}

function unknown(event: unknown, reason: UnknownReason, candidates: readonly WebhookEventName[] = []): UnknownEvent {
  return { name: "unknown", event, reason, candidates };
}

function known(name: WebhookEventName, event: unknown, identifiedBy: "type" | "hint"): KnownEvent {
  return { name, event, identifiedBy } as KnownEvent;
}

/** Names a list by the signed `type` of its items alone: every event that may be a list has one. */
function listOf(items: readonly unknown[]): ClassifiedEvent {
  const names = new Set(items.map((item) => (Array.isArray(item) ? "unknown" : eventOf(item).name)));
  const [name] = names;
  if (names.size !== 1 || name === undefined || name === "unknown" || !EVENT_TABLE[name].list) {
    return unknown(items, "not-an-event");
  }
  return known(name, items, "type");
}

/** Returns whether the event is documented with this `type`. Any other `type` may be the name of a new event. */
function isDocumentedType(name: WebhookEventName, type: string | undefined): boolean {
  const { types = [] } = EVENT_TABLE[name];
  return type === undefined || types.some((known) => toAsciiLowerCase(known) === toAsciiLowerCase(type));
}

/** Limits on what a hint may decide. */
export interface HintOptions {
  /**
   * Whether the hint may choose when several events fit. Default: true. With false it only confirms the single event that fits. When
   * several fit, the event is `unknown` with the reason `hint-untrusted`.
   */
  readonly mayChoose?: boolean;
  /** Whether the hint may confirm the single event that fits. Default: true. With false and without `mayChoose` it decides nothing. */
  readonly mayConfirm?: boolean;
}

/**
 * Names the event of a payload and never guesses. The payload's `type` decides when it names an event, because it is signed.
 *
 * @param payload - The parsed body. Verify its signature first
 * @param hint - The name in the webhook URL (`?event=InvoicePaid`). It selects only events that are documented without a usable `type`
 *   and whose fields are in the payload. It never selects an event that always has a `type`, such as UNINSTALL
 * @param options - Limits on what the hint may decide
 * @returns The event with its name, or `unknown` with a reason
 * @example
 * ```ts
 * import { eventOf } from "@ghl-edge/webhooks";
 *
 * const classified = eventOf({ type: "ContactCreate", email: "ada@example.com" });
 * if (classified.name === "ContactCreate") console.log(classified.event.email);
 * ```
 */
export function eventOf(payload: unknown, hint?: string, options: HintOptions = {}): ClassifiedEvent {
  const { mayChoose = true, mayConfirm = true } = options;
  if (Array.isArray(payload)) return listOf(payload);
  if (!isObject(payload)) return unknown(payload, "not-an-event");
  const type = ownText(payload, "type");
  const typed = type === undefined ? undefined : eventName(type);
  if (typed !== undefined) return known(typed, payload, "type");
  if (type !== undefined && LEGACY.has(toAsciiLowerCase(type))) return unknown(payload, "legacy-name");
  const candidates = candidatesFor(payload, type);
  const hinted = hint === undefined ? undefined : eventName(hint);
  if (hinted !== undefined) {
    if (!candidates.includes(hinted)) return unknown(payload, "hint-contradicted", candidates);
    return mayChoose || (mayConfirm && candidates.length === 1 && isDocumentedType(hinted, type))
      ? known(hinted, payload, "hint")
      : unknown(payload, "hint-untrusted", candidates);
  }
  const reason = hint !== undefined ? "hint-unrecognised" : type === undefined ? "type-missing" : "type-unrecognised";
  return unknown(payload, reason, candidates);
}
