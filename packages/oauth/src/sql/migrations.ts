import { inDialect, type SqlDriver } from "./sql-token-store.ts";

/** One change of the schema; `sql` is one statement that SQLite and PostgreSQL both take. */
export interface TokenStoreMigration {
  readonly id: number;
  readonly sql: string;
}

/**
 * The migrations of the token store, in order, for an app that runs them with its own tool. A migration never changes; new ones
 * are added at the end.
 */
export const tokenStoreMigrations: readonly TokenStoreMigration[] = [
  {
    id: 1,
    sql: "CREATE TABLE IF NOT EXISTS ghl_token_records (key TEXT PRIMARY KEY, epoch BIGINT NOT NULL, record TEXT NOT NULL, updated_at_ms BIGINT NOT NULL)",
  },
];

const LEDGER = "CREATE TABLE IF NOT EXISTS ghl_token_migrations (id INTEGER PRIMARY KEY)";

/**
 * Makes the tables, or brings them up to date. Several processes may do so at once: each statement can be repeated.
 *
 * @param driver - The driver of the database
 * @returns Ids of the migrations that this call carried out
 * @example
 * ```ts
 * import { migrateTokenStore, type SqlDriver } from "@ghl-edge/oauth/sql";
 *
 * export const migrate = (driver: SqlDriver): Promise<number[]> => migrateTokenStore(driver);
 * ```
 */
export async function migrateTokenStore(driver: SqlDriver): Promise<number[]> {
  await repeatable(driver, LEDGER);
  const rows = await driver.query("SELECT id FROM ghl_token_migrations", []);
  const done = new Set(rows.map(({ id }) => Number(id)));
  const carriedOut: number[] = [];
  for (const { id, sql } of tokenStoreMigrations) {
    if (done.has(id)) continue;
    await repeatable(driver, sql);
    const mark = inDialect(driver, "INSERT INTO ghl_token_migrations (id) VALUES (?) ON CONFLICT (id) DO NOTHING");
    if ((await driver.execute(mark, [id])) === 1) carriedOut.push(id);
  }
  return carriedOut;
}

/** PostgreSQL lets one of two `CREATE TABLE IF NOT EXISTS` at the same moment fail; the second time the table is there. */
async function repeatable(driver: SqlDriver, sql: string): Promise<void> {
  try {
    await driver.execute(sql, []);
  } catch {
    await driver.execute(sql, []);
  }
}
