import type { InboxAddress, InboxEvent, LifecycleEvent } from "../events/inbox-event.ts";

/** The tenant of an inbox. Callers pass it with each event, and the first event stores it. */
export interface InboxTenant extends InboxAddress {
  readonly app: string;
}

/** An event without its body. */
export interface StoredEvent extends Omit<InboxEvent, "body" | "lifecycle"> {
  /** Position in the inbox: newer events have a higher one. */
  readonly seq: number;
  readonly receivedAtMs: number;
  readonly bodyBytes: number;
}

export interface WholeEvent extends StoredEvent {
  readonly lifecycle: LifecycleEvent | undefined;
  readonly body: Uint8Array;
}

/** Matches every given field. Times refer to the arrival of the event. */
export interface EventQuery {
  /** Returns events before this position; the newest when it is left out. */
  readonly beforeSeq?: number | undefined;
  readonly names?: readonly string[] | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  readonly quarantined?: boolean | undefined;
}

export interface EventReplay extends EventQuery {
  /** Replays only the events with these ids. */
  readonly ids?: readonly string[] | undefined;
  /** Counts the events and sends nothing. */
  readonly dryRun: boolean;
  readonly limit: number;
}

/** A record that has changed, and the events that may be about the change. */
export interface RecordChange {
  readonly id: string;
  /** Only events from this time on are about the change. */
  readonly notBeforeMs: number;
  /** Dedupe key of the gateway's own event about this change. */
  readonly reportedBy: string;
}

/** One object per app, resource and day of the signed timestamp. */
export interface WebhookInboxApi {
  /** Empties the object and returns how many events it had. */
  erase(): Promise<number>;
  /** Resolves when the event is durable; its effects follow. `stored` is false when the event was there already. */
  store(tenant: InboxTenant, event: InboxEvent): Promise<{ readonly stored: boolean }>;
  /** Lists events, newest first. */
  events(query: EventQuery, limit: number): Promise<readonly StoredEvent[]>;
  event(eventId: string): Promise<WholeEvent | undefined>;
  /** Sends events to an endpoint again, whether it has had them or not. `nextSeq` is the `beforeSeq` of the next call. */
  replay(
    endpointId: string,
    request: EventReplay,
  ): Promise<{ readonly matched: number; readonly nextSeq: number | undefined }>;
  /** Returns the ids of the records that it has an event about: one of HighLevel's with such a name, or the gateway's own. */
  recordsWithEvents(names: readonly string[], records: readonly RecordChange[]): Promise<readonly string[]>;
  /** Returns when the last event from HighLevel arrived that was not quarantined. */
  lastFromHighLevelMs(): Promise<number | undefined>;
}
