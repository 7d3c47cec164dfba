import type { StoredRecord, TokenStore } from "../store/token-store.ts";

export type SqlValue = string | number;

/**
 * What this store needs of a database: SQLite 3.24, PostgreSQL 9.5, or one that speaks like them. Each statement runs on
 * its own, in autocommit; no transaction and no session is needed, so a pool will do.
 */
export interface SqlDriver {
  /** How a parameter is written: `?` (SQLite) or `$1`, `$2` … (PostgreSQL). */
  readonly placeholder: "?" | "$";
  /** Runs a statement that answers rows. */
  query(sql: string, values: readonly SqlValue[]): Promise<readonly Record<string, unknown>[]>;
  /** Runs a statement and answers how many rows it inserted or updated. */
  execute(sql: string, values: readonly SqlValue[]): Promise<number>;
}

export interface SqlTokenStoreOptions {
  readonly driver: SqlDriver;
  /** Unix time in milliseconds, for `updated_at_ms`. Default: the platform's clock. */
  readonly now?: (() => number) | undefined;
}

/** Writes `?` as this driver wants it. */
export function inDialect(driver: SqlDriver, sql: string): string {
  let index = 0;
  return driver.placeholder === "?" ? sql : sql.replaceAll("?", () => `$${++index}`);
}

/** Keeps records in the table `ghl_token_records`; make it with `migrateTokenStore` or your own migrations first. */
export function createSqlTokenStore(options: SqlTokenStoreOptions): TokenStore {
  const { driver } = options;
  const now = options.now ?? (() => Date.now());
  const select = inDialect(driver, "SELECT record FROM ghl_token_records WHERE key = ?");
  const insert = inDialect(
    driver,
    "INSERT INTO ghl_token_records (key, epoch, record, updated_at_ms) VALUES (?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
  );
  // One statement, so that the database itself compares and sets.
  const update = inDialect(
    driver,
    "UPDATE ghl_token_records SET epoch = ?, record = ?, updated_at_ms = ? WHERE key = ? AND epoch = ?",
  );
  return {
    async load(key) {
      const [row] = await driver.query(select, [key]);
      return row === undefined ? undefined : (JSON.parse(String(row.record)) as StoredRecord);
    },
    async commit(key, expectedEpoch, next) {
      const record = JSON.stringify(next);
      const changed =
        expectedEpoch === 0
          ? await driver.execute(insert, [key, next.epoch, record, now()])
          : await driver.execute(update, [next.epoch, record, now(), key, expectedEpoch]);
      return changed === 1;
    },
  };
}
