import type { Resource } from "@ghl-edge/core";
import { hasTable } from "../sql-tables.ts";

/** Removes the deliveries of a resource in every state and returns how many there were. */
export function eraseDeliveries(sql: SqlStorage, { kind, id }: Resource): number {
  if (!hasTable(sql, "delivery")) return 0;
  const count = "SELECT count(*) AS n FROM delivery WHERE resource_kind = ? AND resource_id = ?";
  const erased = sql.exec<{ n: number }>(count, kind, id).one().n;
  // The newest row stays without its content, so that SQLite does not assign its `seq` to another delivery.
  sql.exec(
    `UPDATE delivery SET state = 'delivered', next_attempt_at_ms = NULL, resource_kind = NULL, resource_id = NULL, inbox = NULL, order_key = NULL,
      headers = '{}', body = NULL, attempts = '[]'
    WHERE resource_kind = ? AND resource_id = ? AND seq = (SELECT max(seq) FROM delivery)`,
    kind,
    id,
  );
  sql.exec("DELETE FROM delivery WHERE resource_kind = ? AND resource_id = ?", kind, id);
  return erased;
}
