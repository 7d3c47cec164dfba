import type { Resource } from "@ghl-edge/core";
import type { Change, Installation, InstallationState, Page, PageRequest } from "../../domain/administration-model.ts";
import { readCursor, toPage } from "../cursor.ts";
import type { InstallationReport } from "../installation-report.ts";
import { auditIfChanged, auditStatement } from "./audit.ts";

export interface InstallationRef {
  readonly app: string;
  readonly resource: Resource;
}

export interface InstallationFilter extends PageRequest {
  readonly app?: string | undefined;
  readonly kind?: Resource["kind"] | undefined;
  readonly state?: InstallationState | undefined;
  /** A company and its locations. */
  readonly companyId?: string | undefined;
}

export interface Installations {
  find(ref: InstallationRef): Promise<Installation | undefined>;
  /** Whether the app is or was installed there, or at the company. Of a company also: at one of its locations. */
  isKnown(ref: InstallationRef & { readonly companyId: string | undefined }): Promise<boolean>;
  list(filter: InstallationFilter): Promise<Page<Installation>>;
  /** Counts the installations of each app by state. */
  counts(): Promise<readonly { readonly app: string; readonly state: InstallationState; readonly count: number }[]>;
  /** After the grant was stored. */
  installed(
    what: InstallationRef & { readonly companyId: string | undefined; readonly scopes: readonly string[] },
    change: Change,
  ): Promise<void>;
  /** Removes the row, and what was noted of its inactivity; says how many rows it was. */
  remove(ref: InstallationRef): Promise<number>;
  /** Takes over what the grant's object says; nothing is written when it is known. */
  report(ref: InstallationRef, report: InstallationReport, change: Change): Promise<void>;
}

interface Row {
  readonly app: string;
  readonly kind: Resource["kind"];
  readonly resource_id: string;
  readonly company_id: string | null;
  readonly state: InstallationState;
  readonly scopes: string;
  readonly installed_at_ms: number;
  readonly changed_at_ms: number;
  readonly problem_code: string | null;
  readonly problem_at_ms: number | null;
}

function toInstallation(row: Row): Installation {
  return {
    app: row.app,
    resource: { kind: row.kind, id: row.resource_id },
    companyId: row.company_id,
    state: row.state,
    scopes: row.scopes.split(" ").filter((scope) => scope !== ""),
    lastProblem: row.problem_code === null ? null : { code: row.problem_code, atMs: row.problem_at_ms ?? 0 },
    installedAtMs: row.installed_at_ms,
    changedAtMs: row.changed_at_ms,
  };
}

const FIND = "SELECT * FROM installation WHERE app = ? AND kind = ? AND resource_id = ?";

const IS_KNOWN = `SELECT 1 FROM installation WHERE app = ?1 AND kind = ?2 AND resource_id = ?3
UNION ALL SELECT 1 FROM installation WHERE app = ?1 AND kind = 'company' AND resource_id = ?4
UNION ALL SELECT 1 FROM installation WHERE ?2 = 'company' AND app = ?1 AND company_id = ?3
LIMIT 1`;

const KEY = ["app", "kind", "resource_id"] as const;

/** Names the index of a filter. The index has the order of the list where its columns have one value each. */
function indexOf(filtered: readonly string[]): string {
  const [company, kind, state] = ["company_id", "kind", "state"].map((column) => filtered.includes(column));
  if (company) return `INDEXED BY installation_of_company${state ? "_and_state" : ""}`;
  // The primary key has the kinds of an app one after the other.
  if (kind && !state) return filtered.includes("app") ? "" : "INDEXED BY installation_of_kind";
  if (kind) return "INDEXED BY installation_of_kind_and_state";
  return state ? "INDEXED BY installation_of_state" : "";
}

/**
 * Selects the rows after a key, whose columns are `?1` to `?3`. The statement has only the conditions of the query, and its key only the
 * columns that they leave open, because SQLite would else read rows that are not in the page.
 */
function listOf(filtered: readonly string[]): string {
  const conditions = filtered.map((column, i) => `${column} = ?${i + 5}`);
  const open = KEY.filter((column) => !filtered.includes(column));
  const after = open.map((column) => `?${KEY.indexOf(column) + 1}`);
  const where = [...conditions, `(${open.join(", ")}) > (${after.join(", ")})`].join(" AND ");
  return `SELECT * FROM installation ${indexOf(filtered)} WHERE ${where} ORDER BY app, kind, resource_id LIMIT ?4`;
}

const COLUMNS = "app, kind, resource_id, company_id, state, scopes, installed_at_ms, changed_at_ms";

/** A company that HighLevel does not name again is kept. */
const INSTALLED = `INSERT INTO installation (${COLUMNS}) VALUES (?1, ?2, ?3, ?4, 'active', ?5, ?6, ?6)
ON CONFLICT (app, kind, resource_id) DO UPDATE SET
  company_id = coalesce(?4, company_id), state = 'active', scopes = ?5, installed_at_ms = ?6, changed_at_ms = ?6,
  problem_code = NULL, problem_at_ms = NULL`;

const REPORT = `INSERT INTO installation (${COLUMNS}, problem_code, problem_at_ms)
VALUES (?1, ?2, ?3, ?4, ?5, coalesce(?7, ''), ?6, ?6, ?8, ?9)
ON CONFLICT (app, kind, resource_id) DO UPDATE SET
  company_id = coalesce(?4, company_id), state = ?5, scopes = coalesce(?7, scopes), changed_at_ms = ?6,
  problem_code = ?8, problem_at_ms = ?9
  WHERE state <> ?5 OR company_id IS NOT coalesce(?4, company_id) OR scopes <> coalesce(?7, scopes)
    OR problem_code IS NOT ?8`;

export const targetOf = ({ kind, id }: Resource): string => `${kind}:${id}`;

/** Reads a text that `targetOf` wrote. */
export function toResource(target: string): Resource {
  const [kind, id = ""] = target.split(":");
  return { kind: kind === "company" ? "company" : "location", id };
}

export function createInstallations(db: D1Database): Installations {
  return {
    async find({ app, resource }) {
      const row = await db.prepare(FIND).bind(app, resource.kind, resource.id).first<Row>();
      return row === null ? undefined : toInstallation(row);
    },
    async isKnown({ app, resource, companyId }) {
      const row = await db
        .prepare(IS_KNOWN)
        .bind(app, resource.kind, resource.id, companyId ?? null)
        .first();
      return row !== null;
    },
    async list(filter) {
      const { app, kind, state, companyId, limit, cursor } = filter;
      const after = readCursor(cursor, 3);
      const conditions = Object.entries({ app, kind, state, company_id: companyId }).filter(
        ([, value]) => value !== undefined,
      );
      const { results } = await db
        .prepare(listOf(conditions.map(([column]) => column)))
        .bind(...after, limit + 1, ...conditions.map(([, value]) => value))
        .all<Row>();
      return toPage(results, filter, {
        item: toInstallation,
        key: (row) => [row.app, row.kind, row.resource_id],
      });
    },
    async counts() {
      const { results } = await db
        .prepare("SELECT app, state, count FROM installation_count WHERE count > 0 ORDER BY app, state")
        .all<{ app: string; state: InstallationState; count: number }>();
      return results;
    },
    async installed({ app, resource, companyId, scopes }, change) {
      const company = companyId ?? (resource.kind === "company" ? resource.id : null);
      await db.batch([
        db.prepare(INSTALLED).bind(app, resource.kind, resource.id, company, scopes.join(" "), change.nowMs),
        auditStatement(db, change, { action: "installation.installed", app, target: targetOf(resource) }),
      ]);
    },
    async remove({ app, resource }) {
      const results = await db.batch([
        db.prepare("DELETE FROM inactivity WHERE app = ? AND resource = ?").bind(app, targetOf(resource)),
        db
          .prepare("DELETE FROM installation WHERE app = ? AND kind = ? AND resource_id = ?")
          .bind(app, resource.kind, resource.id),
      ]);
      return results.reduce((sum, { meta }) => sum + meta.changes, 0);
    },
    async report({ app, resource }, { state, companyId, scopes, problem }, change) {
      const company = companyId ?? (resource.kind === "company" ? resource.id : null);
      const row = [app, resource.kind, resource.id, company, state, change.nowMs, scopes?.join(" ") ?? null];
      const wrong = [problem?.code ?? null, problem?.atMs ?? null];
      await db.batch([
        db.prepare(REPORT).bind(...row, ...wrong),
        auditIfChanged(db, change, { action: `installation.${state}`, app, target: targetOf(resource) }),
      ]);
    },
  };
}
