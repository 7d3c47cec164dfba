import type { GrantState } from "@ghl-edge/oauth";
import type { RecordName, Tenant } from "../../domain/grants/token-record.ts";
import { hasTable } from "../sql-tables.ts";

/** One record: the state in the clear, the secrets sealed. */
export interface StoredRecord {
  /** State of a grant; null for any other record. */
  readonly state: GrantState | null;
  /** Null: there are none yet, or none any more. */
  readonly secrets: string | null;
}

export interface StoredTenant extends Tenant {
  /** The object's data key, wrapped. */
  readonly dataKey: string;
}

/** The SQL of a `TokenGrant`. Every method is synchronous, so that a caller can put several into one transaction. */
export interface GrantStore {
  tenant(): StoredTenant | undefined;
  writeTenant(tenant: StoredTenant): void;
  /** The secrets of all records, which no key opens any more. */
  forgetSecrets(): void;
  read(source: RecordName): StoredRecord | undefined;
  write(source: RecordName, record: StoredRecord): void;
  /** Removes a private integration token. */
  dropPrivate(): void;
  /** Writes the state of a renewal, not the secrets. */
  writeState(source: RecordName, state: GrantState): void;
}

/** Made with the first write: an object that is only asked stays empty, and costs no storage. */
const TABLES = `
CREATE TABLE IF NOT EXISTS tenant (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  app TEXT NOT NULL,
  kind TEXT NOT NULL,
  resource_id TEXT NOT NULL,
  data_key TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS token_record (
  source TEXT PRIMARY KEY,
  state TEXT,
  secrets TEXT
) STRICT;`;

export function createGrantStore(sql: SqlStorage): GrantStore {
  let made: boolean | undefined;
  // This is not read when the object is made: a storage that cannot be read then would end the object's alarm.
  const isMade = (): boolean => {
    made ??= hasTable(sql, "token_record");
    return made;
  };
  const make = (): void => {
    if (!isMade()) sql.exec(TABLES);
    // A transaction that is rolled back takes the tables with it: looked for again.
    if (!made) made = undefined;
  };
  return {
    tenant() {
      if (!isMade()) return undefined;
      const row = sql.exec<Record<string, string>>("SELECT * FROM tenant").toArray()[0];
      if (row === undefined) return undefined;
      const kind = row.kind === "company" ? "company" : "location";
      return { app: row.app!, resource: { kind, id: row.resource_id! }, dataKey: row.data_key! };
    },
    writeTenant({ app, resource, dataKey }) {
      make();
      sql.exec(
        `INSERT INTO tenant (id, app, kind, resource_id, data_key) VALUES (1, ?1, ?2, ?3, ?4)
          ON CONFLICT (id) DO UPDATE SET app = ?1, kind = ?2, resource_id = ?3, data_key = ?4`,
        app,
        resource.kind,
        resource.id,
        dataKey,
      );
    },
    forgetSecrets() {
      make();
      sql.exec("UPDATE token_record SET secrets = NULL");
    },
    read(source) {
      if (!isMade()) return undefined;
      const row = sql
        .exec<{ state: string | null; secrets: string | null }>(
          "SELECT state, secrets FROM token_record WHERE source = ?",
          source,
        )
        .toArray()[0];
      if (row === undefined) return undefined;
      return { state: row.state === null ? null : (JSON.parse(row.state) as GrantState), secrets: row.secrets };
    },
    write(source, { state, secrets }) {
      make();
      const text = state === null ? null : JSON.stringify(state);
      sql.exec(
        `INSERT INTO token_record (source, state, secrets) VALUES (?1, ?2, ?3)
          ON CONFLICT (source) DO UPDATE SET state = ?2, secrets = ?3`,
        source,
        text,
        secrets,
      );
    },
    dropPrivate() {
      if (isMade()) sql.exec("UPDATE token_record SET secrets = NULL WHERE source = 'private'");
    },
    writeState(source, state) {
      make();
      sql.exec(
        "INSERT INTO token_record (source, state) VALUES (?1, ?2) ON CONFLICT (source) DO UPDATE SET state = ?2",
        source,
        JSON.stringify(state),
      );
    },
  };
}
