import type { InboxAddress, InboxEvent, LifecycleEvent } from "../inbox-event.ts";

/** Whose events an object keeps; it cannot be told from inside otherwise. */
export interface InboxTenant extends InboxAddress {
  readonly app: string;
}

/** An event without its body. */
export interface StoredEvent extends Omit<InboxEvent, "body" | "lifecycle"> {
  /** Its place in the inbox. */
  readonly seq: number;
  readonly receivedAtMs: number;
  readonly bodyBytes: number;
}

export interface WholeEvent extends StoredEvent {
  readonly lifecycle: LifecycleEvent | undefined;
  readonly body: Uint8Array;
}

/** Which events of an inbox. Times are those of arrival. */
export interface EventQuery {
  /** Events before this place; the newest where it is left out. */
  readonly beforeSeq?: number | undefined;
  readonly names?: readonly string[] | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  readonly quarantined?: boolean | undefined;
}

export interface EventReplay extends EventQuery {
  /** Ids of events: only these are replayed. */
  readonly ids?: readonly string[] | undefined;
  /** Count, and do nothing. */
  readonly dryRun: boolean;
  readonly limit: number;
}

/** A record that changed, and what may tell of it. */
export interface RecordChange {
  readonly id: string;
  /** Events from this time on. */
  readonly notBeforeMs: number;
  /** Dedupe key of the event of the gateway's own. */
  readonly reportedBy: string;
}

/** One per app, resource and day of the signed timestamp. */
export interface WebhookInboxApi {
  /** Empties the object; says how many events it had. */
  erase(): Promise<number>;
  /** Returns when the event is durable; what it asks for is done afterwards. `stored: false`: it was there already. */
  store(tenant: InboxTenant, event: InboxEvent): Promise<{ readonly stored: boolean }>;
  /** Newest first. */
  events(query: EventQuery, limit: number): Promise<readonly StoredEvent[]>;
  event(eventId: string): Promise<WholeEvent | undefined>;
  /** Sends events to an endpoint again, whether they were sent or not. `nextSeq`: go on before it. */
  replay(
    endpointId: string,
    wanted: EventReplay,
  ): Promise<{ readonly matched: number; readonly nextSeq: number | undefined }>;
  /** Ids of those records that it has an event about: one of HighLevel's with such a name, or the gateway's own. */
  recordsWithEvents(names: readonly string[], records: readonly RecordChange[]): Promise<readonly string[]>;
  /** When the last event of HighLevel's arrived that may have effects. */
  lastFromHighLevelMs(): Promise<number | undefined>;
}
