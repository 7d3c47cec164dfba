import type { WebhookEventName, WebhookEvents } from "../generated/events.gen.ts";

/**
 * Reason why an event has no name:
 * - `type-missing`: the payload has no `type`, and nothing else identifies the event
 * - `type-unrecognised`: `type` is not a known name; it may be data of a record, or an event newer than this package
 * - `legacy-name`: `type` is a name from older guides that HighLevel does not offer
 * - `hint-unrecognised`: the payload has no usable `type`, and the hint names no event
 * - `hint-contradicted`: the hint names an event that always has a `type`, or whose fields are missing. Or the signed `type` reads like
 *   the name of another event that this package does not know
 * - `hint-untrusted`: several events fit, and a stranger could have sent the hint. The signed body names no app of yours, and the URL
 *   has no `key`
 * - `not-an-event`: the body is JSON, but neither an object nor a list of events with one name
 */
export type UnknownReason =
  | "type-missing"
  | "type-unrecognised"
  | "legacy-name"
  | "hint-unrecognised"
  | "hint-contradicted"
  | "hint-untrusted"
  | "not-an-event";

/** An event that this package cannot name. */
export interface UnknownEvent {
  readonly name: "unknown";
  /** The signed JSON value. */
  readonly event: unknown;
  readonly reason: UnknownReason;
  /** Events that the payload may be, by its fields. None is chosen for you: add a hint to the webhook URL of the right one. */
  readonly candidates: readonly WebhookEventName[];
}

/** An event with its name. `event` is the payload as it was sent. */
export type KnownEvent<N extends WebhookEventName = WebhookEventName> = {
  readonly [K in N]: {
    readonly name: K;
    readonly event: WebhookEvents[K];
    /** The source of the name: the `type` of the payload, or the hint. */
    readonly identifiedBy: "type" | "hint";
  };
}[N];

/** Result of `eventOf`. Narrow it by `name`: `switch (classified.name) { case "ContactCreate": classified.event.email … }`. */
export type ClassifiedEvent = KnownEvent | UnknownEvent;
