/**
 * Deliveries with the same order key are sent one after the other. Of each key only the first due delivery, the head, is in the index of
 * ready deliveries; the column `blocked` of the others is 1.
 */
export interface DeliveryOrder {
  /** The `seq` of the first due delivery with this key. */
  headOf(orderKey: string): number | undefined;
  /** Makes a change and then updates `blocked` where a key has another head. */
  updateHeads<Result>(orderKeys: readonly string[], change: () => Result): Result;
}

export function createDeliveryOrder(sql: SqlStorage): DeliveryOrder {
  function headOf(orderKey: string): number | undefined {
    const query = "SELECT seq AS n FROM delivery WHERE state = 'due' AND order_key = ? ORDER BY seq LIMIT 1";
    return sql.exec<{ n: number }>(query, orderKey).toArray()[0]?.n;
  }

  function setBlocked(seq: number | undefined, blocked: 0 | 1): void {
    if (seq === undefined) return;
    // A blocked delivery is tried as soon as it becomes the head. Its own time would be out of reach of `makeAllDue`.
    const update = `UPDATE delivery
      SET blocked = ?2, next_attempt_at_ms = iif(?2 = 1, min(next_attempt_at_ms, created_at_ms), next_attempt_at_ms)
      WHERE seq = ?1 AND state = 'due' AND blocked <> ?2`;
    sql.exec(update, seq, blocked);
  }

  return {
    headOf,
    updateHeads(orderKeys, change) {
      const before = orderKeys.map(headOf);
      const result = change();
      for (const [index, orderKey] of orderKeys.entries()) {
        const head = headOf(orderKey);
        if (head === before[index]) continue;
        setBlocked(before[index], 1);
        setBlocked(head, 0);
      }
      return result;
    },
  };
}
