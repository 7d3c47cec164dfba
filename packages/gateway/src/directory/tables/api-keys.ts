import { fromHex, toHex } from "@ghl-edge/core";
import type { StoredApiKey } from "../../domain/access/api-key.ts";
import type { Access, ApiKey, Change, Page, PageRequest } from "../../domain/administration-model.ts";
import { readCursor, toPage } from "../cursor.ts";
import { auditStatement } from "./audit.ts";
import { targetOf, toResource } from "./installations.ts";

export interface ApiKeys {
  /** Revoked ones too. */
  find(id: string): Promise<StoredApiKey | undefined>;
  list(page: PageRequest & { readonly app?: string | undefined }): Promise<Page<ApiKey>>;
  create(
    key: Pick<StoredApiKey, "id" | "name" | "app" | "access" | "resources" | "hash">,
    change: Change,
  ): Promise<ApiKey>;
  /** Undefined when there is none. The time of the first revocation stays. */
  revoke(id: string, change: Change): Promise<ApiKey | undefined>;
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly app: string;
  readonly hash: string;
  readonly access: Access;
  readonly resources: string | null;
  readonly created_at_ms: number;
  readonly created_by: string;
  readonly revoked_at_ms: number | null;
}

function toApiKey(row: Row): ApiKey {
  return {
    id: row.id,
    name: row.name,
    app: row.app,
    access: row.access,
    resources: row.resources === null ? null : row.resources.split(" ").map(toResource),
    createdAtMs: row.created_at_ms,
    createdBy: row.created_by,
    revokedAtMs: row.revoked_at_ms,
  };
}

const INSERT = `INSERT INTO api_key (id, name, app, hash, access, resources, created_at_ms, created_by)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;

const LIST = "SELECT * FROM api_key WHERE id > ?1 ORDER BY id LIMIT ?2";
const LIST_OF_APP = "SELECT * FROM api_key INDEXED BY api_key_of_app WHERE app = ?3 AND id > ?1 ORDER BY id LIMIT ?2";

export function createApiKeys(db: D1Database): ApiKeys {
  const select = (id: string): Promise<Row | null> =>
    db.prepare("SELECT * FROM api_key WHERE id = ?").bind(id).first<Row>();
  return {
    async find(id) {
      const row = await select(id);
      return row === null ? undefined : { ...toApiKey(row), hash: fromHex(row.hash) };
    },
    async list({ app, limit, cursor }) {
      const { results } = await db
        .prepare(app === undefined ? LIST : LIST_OF_APP)
        .bind(readCursor(cursor, 1)[0], limit + 1, ...(app === undefined ? [] : [app]))
        .all<Row>();
      return toPage(results, { limit, cursor }, { item: toApiKey, key: (row) => [row.id] });
    },
    async create({ id, name, app, access, resources, hash }, change) {
      const names = resources === null ? null : resources.map(targetOf).join(" ");
      await db.batch([
        db.prepare(INSERT).bind(id, name, app, toHex(hash), access, names, change.nowMs, change.actor),
        auditStatement(db, change, { action: "api_key.created", app, target: id }),
      ]);
      const createdAtMs = change.nowMs;
      return { id, name, app, access, resources, createdAtMs, createdBy: change.actor, revokedAtMs: null };
    },
    async revoke(id, change) {
      const row = await select(id);
      if (row === null) return undefined;
      if (row.revoked_at_ms !== null) return toApiKey(row);
      await db.batch([
        db
          .prepare("UPDATE api_key SET revoked_at_ms = ? WHERE id = ? AND revoked_at_ms IS NULL")
          .bind(change.nowMs, id),
        auditStatement(db, change, { action: "api_key.revoked", app: row.app, target: id }),
      ]);
      return { ...toApiKey(row), revokedAtMs: change.nowMs };
    },
  };
}
