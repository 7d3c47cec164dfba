const TABLES = `
CREATE TABLE IF NOT EXISTS tenant (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  app TEXT NOT NULL,
  endpoint_id TEXT NOT NULL,
  shard INTEGER NOT NULL,
  ahead_ms INTEGER NOT NULL DEFAULT 0,
  pulled_at_ms INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS delivery (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  type TEXT NOT NULL,
  source TEXT NOT NULL,
  kind TEXT,
  resource_id TEXT,
  inbox TEXT,
  order_key TEXT,
  headers TEXT NOT NULL,
  body BLOB,
  state TEXT NOT NULL,
  at_ms INTEGER,
  tries INTEGER NOT NULL,
  attempts TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  waiting INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX IF NOT EXISTS delivery_ready ON delivery (at_ms) WHERE state = 'due' AND waiting = 0;
CREATE INDEX IF NOT EXISTS delivery_in_order ON delivery (order_key, seq) WHERE state = 'due' AND order_key IS NOT NULL;
CREATE INDEX IF NOT EXISTS delivery_dead ON delivery (seq) WHERE state = 'dead';`;

/** Brings objects from before `waiting` up to date: their one index held all deliveries, and each look walked those that wait behind others. */
const UPGRADE = `
ALTER TABLE delivery ADD COLUMN waiting INTEGER NOT NULL DEFAULT 0;
UPDATE delivery SET waiting = 1 WHERE state = 'due' AND order_key IS NOT NULL AND EXISTS (
  SELECT 1 FROM delivery e WHERE e.state = 'due' AND e.order_key = delivery.order_key AND e.seq < delivery.seq);
DROP INDEX IF EXISTS delivery_due;
CREATE INDEX IF NOT EXISTS delivery_ready ON delivery (at_ms) WHERE state = 'due' AND waiting = 0;`;

/** Changes objects that were made before waiting deliveries could be pulled forward. */
const PULLED = `
ALTER TABLE tenant ADD COLUMN ahead_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tenant ADD COLUMN pulled_at_ms INTEGER NOT NULL DEFAULT 0;`;

export function makeDeliveryTables(sql: SqlStorage): void {
  sql.exec(TABLES);
}

/** Whether there are tables; brings older ones to what they are now. */
export function hasDeliveryTables(sql: SqlStorage): boolean {
  const made = sql
    .exec<{ name: string; sql: string }>(
      "SELECT name, sql FROM sqlite_master WHERE name IN ('tenant', 'delivery_ready')",
    )
    .toArray();
  if (made.length === 1) sql.exec(UPGRADE);
  if (made.some((one) => one.name === "tenant" && !one.sql.includes("pulled_at_ms"))) sql.exec(PULLED);
  return made.length > 0;
}
