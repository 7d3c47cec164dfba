import {
  allowedAfter,
  type BacklogBounds,
  type BacklogCount,
  exceeds,
  mayExceed,
  raisedBounds,
} from "../../domain/delivery/backlog.ts";

const BACKLOG = "backlog";

/** Decides whether more deliveries wait for an endpoint than may. */
export interface DeliveryBacklog {
  /** Called after the delivery with this `seq` was added. Counts the waiting deliveries only when there may be too many. */
  isOver(seq: number, bounds: BacklogBounds): boolean;
  /** Called when an operator has enabled the endpoint. Raises the limit to what waits now and some more, until it has been sent. */
  allow(bounds: BacklogBounds): void;
}

/** `newestSeq` returns the last number that was assigned to a delivery. */
export function createDeliveryBacklog(
  storage: Pick<DurableObjectStorage, "sql" | "kv">,
  newestSeq: () => number,
): DeliveryBacklog {
  const { sql, kv } = storage;

  function counted(): BacklogBounds & { readonly seq: number } {
    const query = `SELECT count(*) AS deliveries, coalesce(sum(length(body)), 0) AS bytes
      FROM delivery WHERE state = 'due'`;
    return { ...sql.exec<{ deliveries: number; bytes: number }>(query).one(), seq: newestSeq() };
  }

  return {
    isOver(seq, bounds) {
      const now = { seq, databaseBytes: sql.databaseSize };
      // No row is read while the total number of added deliveries is below the limit.
      if (!mayExceed(undefined, now, bounds)) return false;
      const before = kv.get<BacklogCount>(BACKLOG);
      if (!mayExceed(before, now, bounds)) return before !== undefined && exceeds(before);
      const waiting = counted();
      const count = { ...waiting, allowed: allowedAfter(waiting, before, bounds) };
      kv.put<BacklogCount>(BACKLOG, count);
      return exceeds(count);
    },
    allow(bounds) {
      if (kv.get(BACKLOG) === undefined) return;
      const waiting = counted();
      kv.put<BacklogCount>(BACKLOG, { ...waiting, allowed: raisedBounds(waiting, bounds) });
    },
  };
}
