import type { Breaker } from "../breaker.ts";
import type { EventSource } from "../inbox-event.ts";
import type { DeliveryFailure } from "../receiver-answer.ts";
import type { Resource } from "../resource.ts";

/** Which object of an endpoint. */
export interface DispatcherAddress {
  readonly app: string;
  readonly endpointId: string;
  readonly shard: number;
}

/** One event on its way to one endpoint, as it will be sent but for signature and time. */
export interface NewDelivery {
  /** `webhook-id`: the same on every attempt and replay. */
  readonly id: string;
  readonly type: string;
  readonly source: EventSource;
  readonly resource: Resource | undefined;
  /** Name of the inbox that keeps the event; null where none does. */
  readonly inbox: string | null;
  /** What is delivered one after the other; null: in any order. */
  readonly orderKey: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export type DeliveryState = "due" | "delivered" | "dead";

/** One try to deliver. */
export interface Attempt {
  readonly atMs: number;
  readonly durationMs: number;
  /** What the receiver answered; null: nothing. */
  readonly status: number | null;
  readonly code: DeliveryFailure | null;
}

export interface DeliveryReport {
  /** Its place in its object. */
  readonly seq: number;
  readonly id: string;
  readonly type: string;
  readonly resource: Resource | null;
  readonly inbox: string | null;
  readonly state: DeliveryState;
  readonly createdAtMs: number;
  /** Null: never. */
  readonly nextAttemptAtMs: number | null;
  readonly attempts: readonly Attempt[];
}

export interface DeliveryQuery {
  /** Deliveries before this place; the newest where it is left out. */
  readonly beforeSeq?: number | undefined;
  readonly state?: DeliveryState | undefined;
  readonly type?: string | undefined;
  readonly resource?: Resource | undefined;
  readonly ids?: readonly string[] | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
}

export interface DeliveryPage {
  readonly items: readonly DeliveryReport[];
  /** Go on before it; undefined: this was all. A page may be short and not the last. */
  readonly nextSeq: number | undefined;
}

export interface DispatcherStatus {
  readonly due: number;
  readonly dead: number;
  /** When the oldest that is due was taken on. */
  readonly oldestDueAtMs: number | null;
  readonly breaker: Breaker;
}

/** One per endpoint and shard: what is due, attempts, how the receiver is doing. */
export interface EndpointDispatcherApi {
  /** Removes the deliveries of a resource, whatever their state; says how many it was. */
  erase(resource: Resource): Promise<number>;
  /**
   * Returns when all are durable. What is known is not sent twice, unless `again`. False: none was taken on, because more waits for
   * this endpoint than may, and it is about to be disabled.
   */
  enqueue(address: DispatcherAddress, deliveries: readonly NewDelivery[], again: boolean): Promise<boolean>;
  /**
   * The endpoint's row is another: read it anew, forget what the receiver was like, and go on. `isRepaired`: the receiver is believed
   * to work now, so what waits for its next attempt is due at once; the attempts that were made count.
   */
  endpointChanged(isRepaired?: boolean): Promise<void>;
  /** Newest first. */
  deliveries(query: DeliveryQuery, limit: number): Promise<DeliveryPage>;
  /** Makes dead letters due again. */
  revive(query: DeliveryQuery, dryRun: boolean): Promise<number>;
  status(): Promise<DispatcherStatus>;
}
