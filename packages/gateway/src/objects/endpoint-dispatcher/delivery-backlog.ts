import {
  allowAgain,
  allowedAfter,
  type BacklogBounds,
  type BacklogCount,
  exceeds,
  mayExceed,
} from "../../domain/backlog.ts";

const BACKLOG = "backlog";

/** Whether more waits for an endpoint than may. */
export interface DeliveryBacklog {
  /** After the delivery at this place was added: counts what waits only where it may be too much. */
  isOver(seq: number, bounds: BacklogBounds): boolean;
  /** An operator has enabled the endpoint: what waits now, and some more, may wait until it has been worked off. */
  allow(bounds: BacklogBounds): void;
}

export function createDeliveryBacklog(storage: Pick<DurableObjectStorage, "sql" | "kv">): DeliveryBacklog {
  const { sql, kv } = storage;

  function counted(): BacklogBounds & { readonly seq: number } {
    const query = `SELECT count(*) AS deliveries, coalesce(sum(length(body)), 0) AS bytes,
      coalesce((SELECT max(seq) FROM delivery), 0) AS seq FROM delivery WHERE state = 'due'`;
    return sql.exec<{ deliveries: number; bytes: number; seq: number }>(query).one();
  }

  return {
    isOver(seq, bounds) {
      const now = { seq, databaseBytes: sql.databaseSize };
      // Without a row read, as long as fewer were added in all than may wait.
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
      kv.put<BacklogCount>(BACKLOG, { ...waiting, allowed: allowAgain(waiting, bounds) });
    },
  };
}
