import { clockOf } from "../option-checks.ts";
import { DEFAULT_DEDUPE_RETENTION_MS } from "../verify/verifier-options.ts";
import { DEFAULT_LEASE_MS, type DedupeStore, readSpan } from "./memory-dedupe.ts";

/** What is used of a Durable Object's SQLite: `ctx.storage.sql` fits. */
export interface SqlLike {
  exec(query: string, ...bindings: (string | number)[]): { toArray(): unknown[] };
}

export interface SqlDedupeOptions {
  /** How long a handled event is remembered, in milliseconds. Default: 97 hours, longer than HighLevel and the gateway go on trying. */
  readonly retentionMs?: number;
  /** After which time an event that was begun and never ended may be begun again. Default: 5 minutes. */
  readonly leaseMs?: number;
  /** The time now, in milliseconds since 1970. Default: Date.now. */
  readonly now?: () => number;
}

const TABLE = `CREATE TABLE IF NOT EXISTS ghl_webhook_dedupe (
  key TEXT PRIMARY KEY, done INTEGER NOT NULL, until_ms INTEGER NOT NULL
) WITHOUT ROWID`;
/** One statement, so that of two callers one alone gets a row back. */
const BEGIN = `INSERT INTO ghl_webhook_dedupe (key, done, until_ms) VALUES (?, 0, ?)
  ON CONFLICT (key) DO UPDATE SET done = 0, until_ms = excluded.until_ms WHERE until_ms <= ? RETURNING key`;
const DONE = `INSERT INTO ghl_webhook_dedupe (key, done, until_ms) VALUES (?, 1, ?)
  ON CONFLICT (key) DO UPDATE SET done = 1, until_ms = excluded.until_ms`;
/** 10,000 years. */
const LONGEST_MS = 3.2e14;
/** A sweep reads the whole table; an index instead would cost every event two more writes. */
const SWEEP_EVERY_MS = 60 * 60 * 1000;

/**
 * Remembers in the SQLite of a Durable Object, where all isolates of a Worker find it: make it in the object, and hand calls of `begin`,
 * `done` and `failed` on to it. Keeps the table `ghl_webhook_dedupe`, and sweeps it once an hour of use.
 */
export function sqlDedupe(sql: SqlLike, options: SqlDedupeOptions = {}): DedupeStore {
  // SQLite binds integers here, and Infinity is none.
  const retentionMs = Math.min(readSpan("retentionMs", options.retentionMs, DEFAULT_DEDUPE_RETENTION_MS), LONGEST_MS);
  const leaseMs = Math.min(readSpan("leaseMs", options.leaseMs, DEFAULT_LEASE_MS), LONGEST_MS);
  const now = clockOf(options.now);
  sql.exec(TABLE);
  let sweepAtMs = 0;

  function sweep(nowMs: number): void {
    if (nowMs < sweepAtMs) return;
    sql.exec("DELETE FROM ghl_webhook_dedupe WHERE until_ms <= ?", nowMs);
    sweepAtMs = nowMs + SWEEP_EVERY_MS;
  }

  return {
    begin(key) {
      const nowMs = now();
      sweep(nowMs);
      if (sql.exec(BEGIN, key, nowMs + leaseMs, nowMs).toArray().length > 0) return "new";
      const [row] = sql.exec("SELECT done FROM ghl_webhook_dedupe WHERE key = ?", key).toArray();
      return (row as { readonly done: number }).done === 1 ? "done" : "running";
    },
    done: (key) => void sql.exec(DONE, key, now() + retentionMs),
    failed: (key) => void sql.exec("DELETE FROM ghl_webhook_dedupe WHERE key = ? AND done = 0", key),
  };
}
