import type { InboxEvent } from "../events/inbox-event.ts";
import type { InboxTenant } from "./webhook-inbox.ts";

/** An event whose inbox could not be reached, on its way there. */
export interface OverflowEvent {
  readonly tenant: InboxTenant;
  readonly event: InboxEvent;
}
