/** The SQL that removes what objects hold of one resource. */
import type { Resource } from "../../domain/resource.ts";
import { hasTable } from "../token-grant/grant-store.ts";

const count = (sql: SqlStorage, query: string, ...bindings: SqlStorageValue[]): number =>
  sql.exec<{ n: number }>(query, ...bindings).one().n;

/** Removes the deliveries of a resource, whatever their state, and says how many it was. */
export function eraseDeliveries(sql: SqlStorage, { kind, id }: Resource): number {
  if (!hasTable(sql, "delivery")) return 0;
  const erased = count(sql, "SELECT count(*) AS n FROM delivery WHERE kind = ? AND resource_id = ?", kind, id);
  // The newest row stays, without what it was about, so that its place is not given to another delivery.
  sql.exec(
    `UPDATE delivery SET state = 'delivered', at_ms = NULL, kind = NULL, resource_id = NULL, inbox = NULL, order_key = NULL,
      headers = '{}', body = NULL, attempts = '[]'
    WHERE kind = ? AND resource_id = ? AND seq = (SELECT max(seq) FROM delivery)`,
    kind,
    id,
  );
  sql.exec("DELETE FROM delivery WHERE kind = ? AND resource_id = ?", kind, id);
  return erased;
}

/** Removes what waits in an event buffer for a resource's inboxes, and says how many events it was. */
export function eraseLanded(sql: SqlStorage, { kind, id }: Resource): number {
  if (!hasTable(sql, "landed")) return 0;
  const of = "json_extract(tenant, '$.resource.kind') = ? AND json_extract(tenant, '$.resource.id') = ?";
  const erased = count(sql, `SELECT count(*) AS n FROM landed WHERE ${of}`, kind, id);
  sql.exec(`DELETE FROM landed WHERE ${of}`, kind, id);
  return erased;
}
