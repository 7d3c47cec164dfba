import { DatabaseSync } from "node:sqlite";
import type { TokenStore } from "../../src/index.ts";
import { createFileTokenStore } from "../../src/node.ts";
import { createSqlTokenStore, type SqlDriver } from "../../src/sql.ts";
import type { ScaledClock } from "./clock.ts";

/** A store that several processes open by the same path. */
export interface StoreSpec {
  readonly kind: "file" | "sqlite";
  readonly path: string;
  /** The database's clock, where it is not the machine's. */
  readonly clock?: ScaledClock;
}

/** The driver a user of `node:sqlite` writes. */
export function sqliteDriver(path: string): SqlDriver {
  const database = new DatabaseSync(path, { timeout: 10_000 });
  database.exec("PRAGMA journal_mode = WAL");
  return {
    placeholder: "?",
    query: async (sql, values) => database.prepare(sql).all(...values) as Record<string, unknown>[],
    execute: async (sql, values) => Number(database.prepare(sql).run(...values).changes),
  };
}

export function openStore({ kind, path, clock }: StoreSpec): TokenStore {
  if (kind === "file") return createFileTokenStore({ folder: path });
  const realSql = "ROUND((julianday('now') - 2440587.5) * 86400000)";
  const nowSql = clock && `CAST(${clock.originMs} + (${realSql} - ${clock.originMs}) * ${clock.speed} AS INTEGER)`;
  return createSqlTokenStore({ driver: sqliteDriver(path), nowSql });
}

/** Trouble that is made beside a store. */
export interface Trouble {
  /** Each call takes this long, drawn evenly. */
  readonly delayMs?: readonly [from: number, to: number];
  /** The n-th commit that holds new tokens (from 1) fails, and nothing is stored. */
  readonly failTokenWrite?: number;
}

export function troubled(store: TokenStore, { delayMs, failTokenWrite }: Trouble): TokenStore {
  let tokenWrites = 0;
  const wait = async (): Promise<void> => {
    if (delayMs)
      await new Promise((resolve) => setTimeout(resolve, delayMs[0] + Math.random() * (delayMs[1] - delayMs[0])));
  };
  return {
    async load(key) {
      await wait();
      return store.load(key);
    },
    async commit(key, expectedEpoch, next) {
      await wait();
      const { state } = next as { state?: { status?: string; current?: { cause?: string } } };
      if (state?.status === "active" && state.current?.cause !== "install" && ++tokenWrites === failTokenWrite)
        throw new Error("disk full");
      return store.commit(key, expectedEpoch, next);
    },
    ...(store.now ? { now: () => store.now!() } : {}),
  };
}
