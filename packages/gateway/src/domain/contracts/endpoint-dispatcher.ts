import type { Resource } from "@ghl-edge/core";
import type { Breaker } from "../delivery/breaker.ts";
import type { DeliveryFailure } from "../delivery/delivery-outcome.ts";
import type { EventSource } from "../events/inbox-event.ts";

/** Identifies one of the objects that deliver to an endpoint. */
export interface DispatcherAddress {
  readonly app: string;
  readonly endpointId: string;
  readonly shard: number;
}

/** One event for one endpoint. Only the signature and its timestamp are added when it is sent. */
export interface NewDelivery {
  /** Sent as `webhook-id`: the same on every attempt and replay. */
  readonly id: string;
  readonly type: string;
  readonly source: EventSource;
  readonly resource: Resource | undefined;
  /** Name of the inbox that stores the event; null when none does. */
  readonly inbox: string | null;
  /** Deliveries with the same key are sent one after the other. Null means in any order. */
  readonly orderKey: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export const DELIVERY_STATES = ["due", "delivered", "dead"] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** One attempt to deliver. */
export interface Attempt {
  readonly atMs: number;
  readonly durationMs: number;
  /** Status of the response; null when there was none. */
  readonly status: number | null;
  readonly code: DeliveryFailure | null;
}

export interface DeliveryReport {
  /** Position in its object: newer deliveries have a higher one. */
  readonly seq: number;
  readonly id: string;
  readonly type: string;
  readonly resource: Resource | null;
  readonly inbox: string | null;
  readonly state: DeliveryState;
  readonly createdAtMs: number;
  /** Null when there is no further attempt. */
  readonly nextAttemptAtMs: number | null;
  readonly attempts: readonly Attempt[];
}

export interface DeliveryQuery {
  /** Returns deliveries before this position; the newest when it is left out. */
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
  /** Position for the next page, as `beforeSeq`; undefined after the last page. A page may be short and not the last. */
  readonly nextSeq: number | undefined;
}

export interface DispatcherStatus {
  readonly due: number;
  readonly dead: number;
  /** When the oldest due delivery was accepted. */
  readonly oldestDueAtMs: number | null;
  readonly breaker: Breaker;
}

/** One object per endpoint and shard: its deliveries, their attempts and the endpoint's breaker. */
export interface EndpointDispatcherApi {
  /** Removes the deliveries of a resource in every state and returns how many there were. */
  erase(resource: Resource): Promise<number>;
  /**
   * Resolves when all deliveries are durable. A known delivery is not sent twice, unless `resend` is true. Resolves with false when none was
   * accepted, because too many deliveries wait for the endpoint and it is about to be disabled.
   */
  enqueue(address: DispatcherAddress, deliveries: readonly NewDelivery[], resend: boolean): Promise<boolean>;
  /**
   * Reports that the endpoint's row has changed: the object reads it again and closes the breaker. With `retryNow` every delivery that waits
   * for its next attempt is due at once. Earlier attempts stay counted, but no longer affect the breaker.
   */
  endpointChanged(retryNow?: boolean): Promise<void>;
  /** Lists deliveries, newest first. */
  deliveries(query: DeliveryQuery, limit: number): Promise<DeliveryPage>;
  /** Makes dead letters due again and returns how many; with `dryRun` it only counts them. */
  retryDead(query: DeliveryQuery, dryRun: boolean): Promise<number>;
  status(): Promise<DispatcherStatus>;
}
