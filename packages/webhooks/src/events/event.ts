import type { WebhookEventName, WebhookEvents } from "../generated/events.gen.ts";

/**
 * Why an event has no name.
 * - `type-missing`: the payload has no `type` and nothing else told the event
 * - `type-unrecognised`: `type` is none of the known names; perhaps data of a record, perhaps an event newer than this package
 * - `legacy-name`: `type` is a name of older guides that HighLevel does not offer
 * - `hint-unrecognised`: there is no usable `type`, and the hint names no event
 * - `hint-contradicted`: the hint names an event that always names itself, or whose fields are not there, or the signed `type`
 *   reads like the name of another event that this package does not know
 * - `hint-untrusted`: several events fit, and nothing that a stranger lacks says which: the signed body names no app, and the URL
 *   has no `key`
 * - `not-an-event`: the body is JSON, but neither an object nor a list of events of one kind
 */
export type UnknownReason =
  | "type-missing"
  | "type-unrecognised"
  | "legacy-name"
  | "hint-unrecognised"
  | "hint-contradicted"
  | "hint-untrusted"
  | "not-an-event";

/** An event this package cannot name. */
export interface UnknownEvent {
  readonly name: "unknown";
  /** Whatever JSON was signed. */
  readonly event: unknown;
  readonly reason: UnknownReason;
  /** Events whose fields fit. Give the URL of the right one a hint; nothing is chosen for you. */
  readonly candidates: readonly WebhookEventName[];
}

/** An event with its name; `event` is the payload as it was sent. */
export type KnownEvent<N extends WebhookEventName = WebhookEventName> = {
  readonly [K in N]: {
    readonly name: K;
    readonly event: WebhookEvents[K];
    /** What told the event: its own `type`, or the hint. */
    readonly identifiedBy: "type" | "hint";
  };
}[N];

/** Narrow by `name`: `switch (classified.name) { case "ContactCreate": classified.event.email … }`. */
export type ClassifiedEvent = KnownEvent | UnknownEvent;
