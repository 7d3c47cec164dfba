import type { WebhookEventName } from "../generated/events.gen.ts";

/** What the classifier knows of one event. A member that is left out has the value named in its comment. */
export interface EventRow {
  /** `type` on the wire. Default: the event's name. */
  readonly wire?: string;
  /** Further names the event answers to. Default: none. */
  readonly aliases?: readonly string[];
  /**
   * Why `type` may not name the event. `absent`: the documented sample has no `type`; `payload`: its `type` is data of the record;
   * `channel`: `type` is always there and is the channel of the message; `undocumented`: nobody knows.
   * Default: `type` names the event.
   */
  readonly untyped?: "absent" | "payload" | "channel" | "undocumented";
  /** Documented values of a `type` that is data. Default: none. */
  readonly types?: readonly string[];
  /** One of these must be in a payload without a usable `type`. Default: such a payload is never this event. */
  readonly markers?: readonly string[];
  /** Field that holds the location's id, "" when none does. Default: `locationId`. */
  readonly location?: string;
  /** Field that holds the company's id. Default: `companyId`. */
  readonly company?: string;
  /** The field and the value without which `location` holds something else. Default: no condition. */
  readonly where?: readonly [field: string, value: string];
  /** The body may be an array of such events. Default: false. */
  readonly list?: boolean;
}

export type EventTable = Readonly<Record<WebhookEventName, EventRow>>;
