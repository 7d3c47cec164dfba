import { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSqlTokenStore, migrateTokenStore, type SqlDriver, type SqlValue } from "../../src/sql.ts";
import { tokenStoreContract } from "../../src/testing.ts";
import { findPostgres, type PostgresServer, startPostgres } from "./postgres-server.ts";

const bin = findPostgres();
if (bin === undefined)
  console.warn("PostgreSQL is not installed (Debian: apt-get install postgresql): its tests are skipped");

/** The driver a user of `pg` writes. */
function pgDriver(pool: Pool): SqlDriver {
  return {
    placeholder: "$",
    query: async (sql, values) => (await pool.query(sql, values as SqlValue[])).rows,
    execute: async (sql, values) => (await pool.query(sql, values as SqlValue[])).rowCount ?? 0,
  };
}

describe.skipIf(bin === undefined)("PostgreSQL store", () => {
  let server: PostgresServer;
  const pools: Pool[] = [];
  const open = (): SqlDriver => {
    const pool = new Pool({ host: server.host, user: server.user, database: "postgres", max: 2 });
    pools.push(pool);
    return pgDriver(pool);
  };

  beforeAll(async () => {
    server = await startPostgres(bin!);
    const drivers = Array.from({ length: 4 }, open);
    const done = await Promise.all(drivers.map((driver) => migrateTokenStore(driver)));
    expect(done.flat()).toEqual([1]);
  }, 60_000);

  afterAll(async () => {
    await Promise.all(pools.map((pool) => pool.end()));
    await server?.stop();
  });

  // As many processes as a contract case opens at once, taken in turn.
  const shared: SqlDriver[] = [];
  let opened = 0;
  const store = () => {
    const index = opened++ % 16;
    shared[index] ??= open();
    return createSqlTokenStore({ driver: shared[index] });
  };
  for (const { name, run } of tokenStoreContract({ open: store })) test(name, run);

  test("a migration that was carried out is not repeated", async () => {
    expect(await migrateTokenStore(open())).toEqual([]);
  });
});
