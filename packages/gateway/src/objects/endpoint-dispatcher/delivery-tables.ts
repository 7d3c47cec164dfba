import { hasTable } from "../sql-tables.ts";

const TABLES = `
CREATE TABLE IF NOT EXISTS dispatcher (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  app TEXT NOT NULL,
  endpoint_id TEXT NOT NULL,
  shard INTEGER NOT NULL,
  clock_ahead_ms INTEGER NOT NULL,
  all_due_at_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS delivery (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  type TEXT NOT NULL,
  source TEXT NOT NULL,
  resource_kind TEXT,
  resource_id TEXT,
  inbox TEXT,
  order_key TEXT,
  headers TEXT NOT NULL,
  body BLOB,
  state TEXT NOT NULL,
  next_attempt_at_ms INTEGER,
  tries INTEGER NOT NULL,
  attempts TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  blocked INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS delivered_block (
  block INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  is_summary INTEGER NOT NULL,
  keys BLOB NOT NULL,
  deliveries TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS delivered_block_summary ON delivered_block (block) WHERE is_summary = 1;
CREATE INDEX IF NOT EXISTS delivery_ready ON delivery (next_attempt_at_ms) WHERE state = 'due' AND blocked = 0;
CREATE INDEX IF NOT EXISTS delivery_in_order ON delivery (order_key, seq) WHERE state = 'due' AND order_key IS NOT NULL;
CREATE INDEX IF NOT EXISTS delivery_due ON delivery (created_at_ms) WHERE state = 'due';
CREATE INDEX IF NOT EXISTS delivery_dead ON delivery (seq) WHERE state = 'dead';`;

export function createDeliveryTables(sql: SqlStorage): void {
  sql.exec(TABLES);
}

export const hasDeliveryTables = (sql: SqlStorage): boolean => hasTable(sql, "dispatcher");
