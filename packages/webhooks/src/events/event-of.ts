import { toAsciiLowerCase } from "@ghl-edge/core";
import { EVENT_TABLE, LEGACY_NAMES } from "../generated/classifier.gen.ts";
import type { WebhookEventName } from "../generated/events.gen.ts";
import { isRecord, ownText } from "../json.ts";
import type { ClassifiedEvent, KnownEvent, UnknownEvent, UnknownReason } from "./event.ts";

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

/** Two words without a space, each with a capital, as HighLevel writes the names of events: `InvoicePaid`, `LCEmailStats`. */
const LIKE_A_NAME = /^[A-Z][A-Za-z0-9]*[A-Z][A-Za-z0-9]*$/;

/** Whether a `type` that names no known event reads like the name of one that is newer than this package. */
function looksLikeName(type: string): boolean {
  return LIKE_A_NAME.test(type) && type !== type.toUpperCase();
}

/** Whether a payload can be this event although its `type` does not say so: documented to come without one, and marked. */
function fits(name: WebhookEventName, payload: Readonly<Record<string, unknown>>, type: string | undefined): boolean {
  const { untyped, markers } = EVENT_TABLE[name];
  if (markers === undefined || !markers.some((field) => Object.hasOwn(payload, field))) return false;
  // A provider's message always says its channel; without this, the end of a call, which has a `messageId` too, could be one.
  if (untyped === "channel") return type !== undefined;
  // Data in `type`, such as the kind of a price, says nothing of the event. A name that is not known here says that it is another one.
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

/** A list is named by the signed `type` of its items alone: no event that may be a list comes without one. */
function listOf(items: readonly unknown[]): ClassifiedEvent {
  const names = new Set(items.map((item) => (Array.isArray(item) ? "unknown" : eventOf(item).name)));
  const [name] = names;
  if (names.size !== 1 || name === undefined || name === "unknown" || !EVENT_TABLE[name].list) {
    return unknown(items, "not-an-event");
  }
  return known(name, items, "type");
}

/** Whether the event is documented to come with this `type`. Any other may be the name of an event that is new. */
function isDocumentedType(name: WebhookEventName, type: string | undefined): boolean {
  const { types = [] } = EVENT_TABLE[name];
  return type === undefined || types.some((known) => toAsciiLowerCase(known) === toAsciiLowerCase(type));
}

/** How much a hint may decide. */
export interface HintOptions {
  /**
   * Whether the hint comes from someone who may choose among several events that fit. Default true. False: it only confirms the
   * one event that fits, and where several do the event is `unknown` with the reason `hint-untrusted`.
   */
  readonly mayChoose?: boolean;
  /** Whether the hint may confirm the one event that fits. Default true. False: without `mayChoose` it decides nothing. */
  readonly mayConfirm?: boolean;
}

/**
 * Names the event of a payload. The payload's own `type` decides wherever it names an event, since it was signed.
 *
 * @param hint the name you gave the receiving URL (`?event=InvoicePaid`). It chooses only among events that are documented to come
 *   without a usable `type` and whose fields are in the payload; never an event that names itself, such as UNINSTALL.
 * @returns the event with its name, or `unknown` with a reason. Never guesses.
 */
export function eventOf(
  payload: unknown,
  hint?: string,
  { mayChoose = true, mayConfirm = true }: HintOptions = {},
): ClassifiedEvent {
  if (Array.isArray(payload)) return listOf(payload);
  if (!isRecord(payload)) return unknown(payload, "not-an-event");
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
