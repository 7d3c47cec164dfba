import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";

const MIGRATIONS = join(import.meta.dirname, "../migrations");

/** One statement that ran, with its plan. */
export interface Ran {
  readonly query: string;
  readonly ms: number;
  readonly plan: string;
}

export interface LocalD1 {
  /** The part of D1 that the directory uses. */
  readonly d1: D1Database;
  readonly sqlite: DatabaseSync;
  /** Returns the statements since the last call. */
  taken(): readonly Ran[];
}

/** Opens a database of SQLite as D1, with the migrations applied. */
export function openLocalD1(path: string): LocalD1 {
  const sqlite = new DatabaseSync(path);
  sqlite.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000");
  for (const file of readdirSync(MIGRATIONS).sort()) sqlite.exec(readFileSync(join(MIGRATIONS, file), "utf8"));
  let ran: Ran[] = [];

  function run(query: string, values: readonly SQLInputValue[]) {
    const plan = sqlite
      .prepare(`EXPLAIN QUERY PLAN ${query}`)
      .all()
      .map(({ detail }) => detail)
      .join(" | ");
    const statement = sqlite.prepare(query);
    const startedAtMs = performance.now();
    const results = statement.all(...values);
    ran.push({ query, ms: performance.now() - startedAtMs, plan });
    const { n } = sqlite.prepare("SELECT changes() AS n").get() as { n: number };
    return { results, success: true, meta: { changes: n } };
  }

  const prepare = (query: string, values: readonly SQLInputValue[] = []): unknown => ({
    bind: (...bound: SQLInputValue[]) => prepare(query, bound),
    all: () => Promise.resolve(run(query, values)),
    run: () => Promise.resolve(run(query, values)),
    first: (column?: string) => {
      const row = run(query, values).results[0];
      return Promise.resolve(row === undefined ? null : column === undefined ? row : row[column]);
    },
    now: () => run(query, values),
  });

  const d1 = {
    prepare: (query: string) => prepare(query),
    batch: (statements: readonly { now: () => unknown }[]) => Promise.resolve(statements.map(({ now }) => now())),
  } as unknown as D1Database;

  return {
    d1,
    sqlite,
    taken() {
      const since = ran;
      ran = [];
      return since;
    },
  };
}
