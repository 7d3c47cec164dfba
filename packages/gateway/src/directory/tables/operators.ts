import type { Change, Operator, Role } from "../../domain/administration-model.ts";
import { auditStatement } from "./audit.ts";

export interface Operators {
  find(name: string): Promise<Operator | undefined>;
  /** All of them: there are never many. */
  list(): Promise<readonly Operator[]>;
  put(name: string, role: Role, change: Change): Promise<Operator>;
  /** False when there is none of this name. */
  remove(name: string, change: Change): Promise<boolean>;
}

interface Row {
  readonly name: string;
  readonly role: Role;
  readonly added_at_ms: number;
  readonly added_by: string;
}

const toOperator = (row: Row): Operator => ({
  name: row.name,
  role: row.role,
  addedAtMs: row.added_at_ms,
  addedBy: row.added_by,
});

const PUT = `INSERT INTO operator (name, role, added_at_ms, added_by) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (name) DO UPDATE SET role = ?2, added_at_ms = ?3, added_by = ?4`;

export function createOperators(db: D1Database): Operators {
  const select = (name: string): Promise<Row | null> =>
    db.prepare("SELECT * FROM operator WHERE name = ?").bind(name).first<Row>();
  return {
    async find(name) {
      const row = await select(name);
      return row === null ? undefined : toOperator(row);
    },
    async list() {
      const { results } = await db.prepare("SELECT * FROM operator ORDER BY name").all<Row>();
      return results.map(toOperator);
    },
    async put(name, role, change) {
      await db.batch([
        db.prepare(PUT).bind(name, role, change.nowMs, change.actor),
        auditStatement(db, change, { action: `operator.${role}`, app: null, target: name }),
      ]);
      return { name, role, addedAtMs: change.nowMs, addedBy: change.actor };
    },
    async remove(name, change) {
      if ((await select(name)) === null) return false;
      await db.batch([
        db.prepare("DELETE FROM operator WHERE name = ?").bind(name),
        auditStatement(db, change, { action: "operator.removed", app: null, target: name }),
      ]);
      return true;
    },
  };
}
