import type { Grant } from "../domain/grant.ts";
import { type GrantRow, type ProgressColumns, progressColumns } from "../domain/grant-row.ts";

/** The SQL of a `TokenGrant`: one row with the id 1. Every method is synchronous, so a caller can make one burst of it. */
export interface GrantStore {
  read(): GrantRow | undefined;
  write(row: GrantRow): void;
  /** Writes the state of a refresh, not the tokens. */
  writeProgress(grant: Grant): void;
}

/** Made with the first write: an object that is only asked stays empty, and costs no storage. */
const TABLE = `CREATE TABLE IF NOT EXISTS token_grant (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  app TEXT NOT NULL,
  kind TEXT NOT NULL,
  resource_id TEXT NOT NULL,
  company_id TEXT,
  epoch INTEGER NOT NULL,
  status TEXT NOT NULL,
  scopes TEXT NOT NULL,
  data_key TEXT NOT NULL,
  access_token TEXT NOT NULL,
  refresh_token TEXT,
  access_expires_at_ms INTEGER NOT NULL,
  refresh_at_ms INTEGER NOT NULL,
  intent_first_sent_at_ms INTEGER,
  intent_attempt INTEGER,
  intent_in_flight INTEGER,
  intent_due_at_ms INTEGER,
  intent_rejected_at_ms INTEGER
) STRICT`;

export function createGrantStore(sql: SqlStorage): GrantStore {
  const set = (verb: string, columns: object): [string, ...(string | number | null)[]] => {
    const names = Object.keys(columns);
    const values = Object.values(columns) as (string | number | null)[];
    if (verb === "UPDATE")
      return [`UPDATE token_grant SET ${names.map((name) => `${name} = ?`).join(", ")}`, ...values];
    return [
      `INSERT OR REPLACE INTO token_grant (id, ${names.join(", ")}) VALUES (1${", ?".repeat(names.length)})`,
      ...values,
    ];
  };
  return {
    read: () => {
      const tables = sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'token_grant'").toArray();
      if (tables.length === 0) return undefined;
      return sql.exec<GrantRow & Record<string, SqlStorageValue>>("SELECT * FROM token_grant").toArray()[0];
    },
    write: (row) => {
      sql.exec(TABLE);
      sql.exec(...set("INSERT", row));
    },
    writeProgress: (grant) => {
      const columns: ProgressColumns = progressColumns(grant);
      sql.exec(...set("UPDATE", columns));
    },
  };
}
