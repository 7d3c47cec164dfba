import type { InboxEvent } from "../inbox-event.ts";
import type { Resource } from "../resource.ts";
import type { InboxTenant } from "./webhook-inbox.ts";

/** An event of a resource at which nothing is known to be installed. */
export interface HeldEvent {
  readonly tenant: InboxTenant;
  /** The company that the event names beside its location. */
  readonly companyId: string | undefined;
  readonly event: InboxEvent;
}

/** `full`: it was not stored, and is to be sent again. */
export type HoldOutcome = "held" | "duplicate" | "full";

export interface StateSpending {
  readonly state: string;
  /** Made for one callback, so that a call that is repeated after a lost answer is not refused. */
  readonly spentBy: string;
  readonly expiresAtMs: number;
}

/** Two per app: one keeps what a storm brings until the inboxes have it, one holds events of unknown tenants. */
export interface EventBufferApi {
  /** Removes what waits for a resource's inboxes; says how many events it was. */
  erase(resource: Resource): Promise<number>;
  /** Returns when the event is durable. It goes to its inbox when something is installed at its resource within an hour. */
  hold(held: HeldEvent): Promise<HoldOutcome>;
  /** Returns when the event is durable; its inbox has it some seconds later. */
  buffer(tenant: InboxTenant, event: InboxEvent): Promise<void>;
  /** Records that the callback of an install has used its state. False: another callback has. May be repeated. */
  spendState(spending: StateSpending): Promise<boolean>;
}
