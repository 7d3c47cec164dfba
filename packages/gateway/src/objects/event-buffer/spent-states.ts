import type { StateSpending } from "../../domain/contracts/event-buffer.ts";

/** Rows stay a while longer than their cookies, because a callback was read by another clock and has been on its way. */
const MARGIN_MS = 60_000;

const TABLE = `CREATE TABLE IF NOT EXISTS spent_state (
  state TEXT PRIMARY KEY,
  spent_by TEXT NOT NULL,
  expires_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID`;
const INDEX = "CREATE INDEX IF NOT EXISTS spent_state_expiry ON spent_state (expires_at_ms)";

const SPEND = `INSERT INTO spent_state (state, spent_by, expires_at_ms) VALUES (?, ?, ?)
ON CONFLICT (state) DO NOTHING`;

/** Records that a callback has used its state. False: another one has. In one transaction, so that of two at once one is refused. */
export function spendState(sql: SqlStorage, { state, spentBy, expiresAtMs }: StateSpending, nowMs: number): boolean {
  sql.exec(TABLE);
  sql.exec(INDEX);
  sql.exec("DELETE FROM spent_state WHERE expires_at_ms < ?", nowMs - MARGIN_MS);
  sql.exec(SPEND, state, spentBy, expiresAtMs);
  const query = "SELECT spent_by FROM spent_state WHERE state = ?";
  return sql.exec<{ spent_by: string }>(query, state).one().spent_by === spentBy;
}
