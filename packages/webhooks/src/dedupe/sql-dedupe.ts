import { clockOf } from "../option-checks.ts";
import { DEFAULT_DEDUPE_RETENTION_MS } from "../verify/verifier-options.ts";
import { DEFAULT_LEASE_MS, type DedupeStore, readSpan } from "./memory-dedupe.ts";

/** The part of a Durable Object's SQLite API that the store uses. Pass `ctx.storage.sql`. */
export interface SqlLike {
  /**
   * Runs a statement.
   *
   * @param query - The statement, with `?` as parameters
   * @param bindings - Values of the parameters, in order
   * @returns A cursor over the rows
   */
  exec(query: string, ...bindings: (string | number)[]): { toArray(): unknown[] };
}

/** Options of `sqlDedupe`. */
export interface SqlDedupeOptions {
  /** Retention of a handled event in milliseconds. Default: 97 hours, longer than HighLevel and the gateway retry. */
  readonly retentionMs?: number;
  /** Time in milliseconds after which an event that was begun and never ended may be begun again. Default: 5 minutes. */
  readonly leaseMs?: number;
  /** Returns the current time in milliseconds since 1970. Default: `Date.now`. */
  readonly now?: () => number;
}

const TABLE = `CREATE TABLE IF NOT EXISTS ghl_webhook_dedupe (
  key TEXT PRIMARY KEY, done INTEGER NOT NULL, until_ms INTEGER NOT NULL
) WITHOUT ROWID`;
/** A single statement, so that only one of two callers gets a row. */
const BEGIN = `INSERT INTO ghl_webhook_dedupe (key, done, until_ms) VALUES (?, 0, ?)
  ON CONFLICT (key) DO UPDATE SET done = 0, until_ms = excluded.until_ms WHERE until_ms <= ? RETURNING key`;
const DONE = `INSERT INTO ghl_webhook_dedupe (key, done, until_ms) VALUES (?, 1, ?)
  ON CONFLICT (key) DO UPDATE SET done = 1, until_ms = excluded.until_ms`;
/** 10,000 years. */
const LONGEST_MS = 3.2e14;
/** Each sweep reads the whole table. An index instead would cost every event two more writes. */
const SWEEP_EVERY_MS = 60 * 60 * 1000;

/**
 * Creates a dedupe store in the SQLite of a Durable Object, which all isolates of a Worker share. Create it in the object and forward
 * calls of `begin`, `done` and `failed` to it. It uses the table `ghl_webhook_dedupe`, and deletes expired rows once an hour of use.
 *
 * @param sql - The object's database, `ctx.storage.sql`
 * @param options - Retention and lease
 * @returns The store
 * @throws {WebhookConfigurationError} when an option is invalid (`ERR_GHL_WEBHOOK_CONFIGURATION`)
 * @example
 * ```ts
 * import { DurableObject } from "cloudflare:workers";
 * import { type DedupeStore, sqlDedupe } from "@ghl-edge/webhooks";
 *
 * export class SeenEvents extends DurableObject implements DedupeStore {
 *   #store = sqlDedupe(this.ctx.storage.sql);
 *   begin(key: string) {
 *     return this.#store.begin(key);
 *   }
 *   done(key: string) {
 *     return this.#store.done(key);
 *   }
 *   failed(key: string) {
 *     return this.#store.failed(key);
 *   }
 * }
 * ```
 */
export function sqlDedupe(sql: SqlLike, options: SqlDedupeOptions = {}): DedupeStore {
  // The statements bind integers, and Infinity is not an integer.
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
