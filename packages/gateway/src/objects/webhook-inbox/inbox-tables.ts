import { hasTable } from "../sql-tables.ts";

const TABLES = `
CREATE TABLE IF NOT EXISTS inbox (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  app TEXT NOT NULL,
  resource_kind TEXT,
  resource_id TEXT,
  day TEXT NOT NULL,
  routed_seq INTEGER NOT NULL,
  listed INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS event (
  seq INTEGER PRIMARY KEY,
  dedupe_key TEXT NOT NULL,
  name TEXT NOT NULL,
  type TEXT,
  webhook_id TEXT,
  event_at_ms INTEGER,
  received_at_ms INTEGER NOT NULL,
  quarantined INTEGER NOT NULL,
  source TEXT NOT NULL,
  signature TEXT,
  lifecycle TEXT,
  keys BLOB,
  routed_seq INTEGER NOT NULL,
  body BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS event_task (
  event_seq INTEGER NOT NULL,
  task TEXT NOT NULL,
  resend INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  next_try_at_ms INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  PRIMARY KEY (event_seq, task)
) STRICT, WITHOUT ROWID;`;

export function createInboxTables(sql: SqlStorage): void {
  sql.exec(TABLES);
}

export const hasInboxTables = (sql: SqlStorage): boolean => hasTable(sql, "inbox");
