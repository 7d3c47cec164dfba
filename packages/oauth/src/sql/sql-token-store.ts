import { checkFunction, checkOneOf, checkText } from "../oauth/app.ts";
import type { StoredRecord, TokenStore } from "../store/token-store.ts";

/** Value of a parameter. */
export type SqlValue = string | number;

/**
 * The database as this store calls it: SQLite 3.24, PostgreSQL 9.5, or one with their SQL. Each statement runs on
 * its own, in autocommit; no transaction and no session is needed, so a pool will do.
 */
export interface SqlDriver {
  /** Form of a parameter: `?` (SQLite) or `$1`, `$2` … (PostgreSQL). */
  readonly placeholder: "?" | "$";
  /**
   * Runs a statement that returns rows.
   *
   * @param sql - The statement, with parameters in the form of `placeholder`
   * @param values - Values of the parameters, in order
   * @returns The rows by column name
   */
  query(sql: string, values: readonly SqlValue[]): Promise<readonly Record<string, unknown>[]>;
  /**
   * Runs a statement that writes.
   *
   * @param sql - The statement, with parameters in the form of `placeholder`
   * @param values - Values of the parameters, in order
   * @returns The number of rows that it inserted or updated
   */
  execute(sql: string, values: readonly SqlValue[]): Promise<number>;
}

/** Options of `createSqlTokenStore`. */
export interface SqlTokenStoreOptions {
  readonly driver: SqlDriver;
  /**
   * SQL expression of the database's time, Unix milliseconds as an integer. Default: that of SQLite where the driver's
   * `placeholder` is `?`, that of PostgreSQL where it is `$`.
   */
  readonly nowSql?: string | undefined;
}

/** Writes `?` as this driver wants it. */
export function inDialect(driver: SqlDriver, sql: string): string {
  let index = 0;
  return driver.placeholder === "?" ? sql : sql.replaceAll("?", () => `$${++index}`);
}

/** `clock_timestamp`, because `now()` of PostgreSQL stands still in a transaction. */
const NOW_SQL: Readonly<Record<SqlDriver["placeholder"], string>> = {
  "?": "CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS INTEGER)",
  $: "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)",
};

/**
 * Creates a store that keeps records in the table `ghl_token_records`. Make it with `migrateTokenStore` or your own migrations first.
 *
 * @param options - The driver of the database
 * @returns The store
 * @throws {ConfigurationError} when the driver is not one (`ERR_GHL_CONFIGURATION`)
 * @example
 * ```ts
 * import { createSqlTokenStore, migrateTokenStore, type SqlDriver } from "@ghl-edge/oauth/sql";
 *
 * export async function openStore(driver: SqlDriver) {
 *   await migrateTokenStore(driver);
 *   return createSqlTokenStore({ driver });
 * }
 * ```
 */
export function createSqlTokenStore(options: SqlTokenStoreOptions): TokenStore {
  const { driver } = options;
  checkOneOf("driver.placeholder", Object(driver).placeholder ?? "", Object.keys(NOW_SQL));
  for (const name of ["query", "execute"] as const) checkFunction(`driver.${name}`, driver[name] ?? "");
  if (options.nowSql !== undefined) checkText("nowSql", options.nowSql);
  const nowSql = options.nowSql ?? NOW_SQL[driver.placeholder];
  const select = inDialect(driver, "SELECT record FROM ghl_token_records WHERE key = ?");
  const insert = inDialect(
    driver,
    `INSERT INTO ghl_token_records (key, epoch, record, updated_at_ms) VALUES (?, ?, ?, ${nowSql}) ON CONFLICT (key) DO NOTHING`,
  );
  // One statement, so that the database itself compares and sets.
  const update = inDialect(
    driver,
    `UPDATE ghl_token_records SET epoch = ?, record = ?, updated_at_ms = ${nowSql} WHERE key = ? AND epoch = ?`,
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
          ? await driver.execute(insert, [key, next.epoch, record])
          : await driver.execute(update, [next.epoch, record, key, expectedEpoch]);
      return changed === 1;
    },
    async now() {
      const [row] = await driver.query(`SELECT ${nowSql} AS now_ms`, []);
      return Number(row?.now_ms);
    },
  };
}
