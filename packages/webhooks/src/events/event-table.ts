import type { WebhookEventName } from "../generated/events.gen.ts";

/** Classification rules of one event. A missing member has the default in its comment. */
export interface EventRow {
  /** Value of `type` on the wire. Default: the event's name. */
  readonly wire?: string;
  /** Other names of the event. Default: none. */
  readonly aliases?: readonly string[];
  /**
   * Reason why `type` may not name the event. `absent`: the documented sample has no `type`. `payload`: its `type` is data of the
   * record. `channel`: `type` is always present and is the channel of the message. `undocumented`: no source shows it.
   * Default: `type` names the event.
   */
  readonly untyped?: "absent" | "payload" | "channel" | "undocumented";
  /** Documented values of a `type` that is data. Default: none. */
  readonly types?: readonly string[];
  /** Fields of which a payload without a usable `type` must have one. Default: such a payload is never this event. */
  readonly markers?: readonly string[];
  /** Field with the location's id; "" when no field has it. Default: `locationId`. */
  readonly location?: string;
  /** Field with the company's id. Default: `companyId`. */
  readonly company?: string;
  /** A field and its required value. With another value, `location` has a different meaning. Default: no condition. */
  readonly where?: readonly [field: string, value: string];
  /** Whether the body may be an array of such events. Default: false. */
  readonly list?: boolean;
}

/** Classification rules of all events. */
export type EventTable = Readonly<Record<WebhookEventName, EventRow>>;
