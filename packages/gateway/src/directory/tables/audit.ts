import type { AuditEntry, Change, Page, PageRequest } from "../../domain/administration-model.ts";
import { readCursor, toPage } from "../cursor.ts";

export interface Noted {
  readonly action: string;
  readonly app: string | null;
  readonly target: string;
}

export interface AuditLog {
  /** Notes a change that is stored elsewhere. A change of the directory is noted in its own transaction. */
  note(what: Noted, change: Change): Promise<void>;
  /** Whether HighLevel has ended an installation since a time: by its UNINSTALL, or asked by an operator, who may have heard no answer. */
  hasRecordedEnd(what: Omit<Noted, "action">, sinceMs: number): Promise<boolean>;
  /** Deletes what is older, of the oldest rows; says how many it was. */
  forgetBefore(atMs: number, limit: number): Promise<number>;
  /** Newest first. */
  list(page: PageRequest & { readonly app?: string | undefined }): Promise<Page<AuditEntry>>;
}

interface Row {
  readonly id: number;
  readonly at_ms: number;
  readonly actor: string;
  readonly action: string;
  readonly app: string | null;
  readonly target: string;
  readonly request_id: string;
}

/** Runs in the batch of the change that it notes, so that either both are stored or neither. */
export function auditStatement(db: D1Database, change: Change, what: Noted): D1PreparedStatement {
  return db
    .prepare("INSERT INTO audit (at_ms, actor, action, app, target, request_id) VALUES (?, ?, ?, ?, ?, ?)")
    .bind(change.nowMs, change.actor, what.action, what.app, what.target, change.requestId);
}

const TELLS_OF_END = `SELECT 1 FROM audit INDEXED BY audit_of_target WHERE app = ?1 AND target = ?2 AND at_ms >= ?3 AND (
  action IN ('installation.uninstalled_at_highlevel', 'installation.uninstall_unanswered')
  OR (action = 'installation.uninstalled' AND actor = '/webhooks')
) LIMIT 1`;

/** Runs right after the one statement that it notes, and adds an entry only if that statement changed something. */
export function auditIfChanged(db: D1Database, change: Change, what: Noted): D1PreparedStatement {
  return db
    .prepare(
      "INSERT INTO audit (at_ms, actor, action, app, target, request_id) SELECT ?, ?, ?, ?, ?, ? WHERE changes() > 0",
    )
    .bind(change.nowMs, change.actor, what.action, what.app, what.target, change.requestId);
}

/** The index of times finds the oldest rows, so that no more rows are read than may be deleted. */
const FORGET = `DELETE FROM audit WHERE id IN (
  SELECT id FROM audit INDEXED BY audit_of_time WHERE at_ms < ?1 ORDER BY at_ms LIMIT ?2)`;
const LIST = "SELECT * FROM audit WHERE id < ?1 ORDER BY id DESC LIMIT ?2";
const LIST_OF_APP = "SELECT * FROM audit INDEXED BY audit_of_app WHERE app = ?3 AND id < ?1 ORDER BY id DESC LIMIT ?2";

export function createAuditLog(db: D1Database): AuditLog {
  return {
    async note(what, change) {
      await auditStatement(db, change, what).run();
    },
    async hasRecordedEnd({ app, target }, sinceMs) {
      return (await db.prepare(TELLS_OF_END).bind(app, target, sinceMs).first()) !== null;
    },
    async forgetBefore(atMs, limit) {
      return (await db.prepare(FORGET).bind(atMs, limit).run()).meta.changes;
    },
    async list({ app, limit, cursor }) {
      const before = Number(readCursor(cursor, 1)[0] || Number.MAX_SAFE_INTEGER);
      const { results } = await db
        .prepare(app === undefined ? LIST : LIST_OF_APP)
        .bind(before, limit + 1, ...(app === undefined ? [] : [app]))
        .all<Row>();
      return toPage(
        results,
        { limit, cursor },
        {
          key: (row) => [String(row.id)],
          item: (row) => ({
            id: row.id,
            atMs: row.at_ms,
            actor: row.actor,
            action: row.action,
            app: row.app,
            target: row.target,
            requestId: row.request_id,
          }),
        },
      );
    },
  };
}
