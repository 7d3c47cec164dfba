import type { Resource } from "@ghl-edge/core";
import type { InboxEvent } from "../events/inbox-event.ts";
import type { InboxTenant } from "./webhook-inbox.ts";

/** An event that waits for an installation, because nothing is known to be installed at its resource. */
export interface HeldEvent {
  readonly tenant: InboxTenant;
  /** The company that the event names beside its location. */
  readonly companyId: string | undefined;
  readonly event: InboxEvent;
}

/** The result of holding an event. With `full` it was not stored, and its sender has to send it again. */
export type HoldOutcome = "held" | "duplicate" | "full";

export interface StateSpending {
  readonly state: string;
  /** Id of one callback, so that the callback may repeat its call after a lost answer. */
  readonly spentBy: string;
  readonly expiresAtMs: number;
}

/** Lists inboxes in the directory, many at once. Several objects per app share them by a hash of the resource. */
export interface InboxListingApi {
  /** Resolves when the directory lists the inbox. May be repeated. */
  listInbox(inbox: InboxTenant, firstEventAtMs: number): Promise<void>;
  /** Resolves when the directory no longer lists the inbox, with the number of rows that were removed. May be repeated. */
  forgetInbox(inbox: InboxTenant): Promise<number>;
}

/**
 * Objects of three uses per app. `<app>:<n>` buffer install storms and `<app>:held:<n>` hold events of unknown tenants, by a hash of the
 * resource. `<app>:states:<n>` record used install states, by a hash of the state. Several more list inboxes.
 */
export interface EventBufferApi extends InboxListingApi {
  /** Removes the events of a resource and returns how many there were. */
  erase(resource: Resource): Promise<number>;
  /** Resolves when the event is durable. It goes to its inbox when something is installed at its resource within an hour. */
  hold(held: HeldEvent): Promise<HoldOutcome>;
  /** Resolves when the event is durable. Its inbox has it some seconds later. */
  buffer(tenant: InboxTenant, event: InboxEvent): Promise<void>;
  /** Records that an install callback has used its state. Resolves with false when another callback has. May be repeated. */
  spendState(spending: StateSpending): Promise<boolean>;
}
