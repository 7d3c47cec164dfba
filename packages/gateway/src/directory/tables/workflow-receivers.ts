import type { Change, Page, PageRequest } from "../../domain/administration-model.ts";
import { isRedactedUrl, redactedUrl } from "../../domain/delivery/secret-url.ts";
import type { KeyRing } from "../../domain/grants/seal.ts";
import type { CallbackAddress } from "../../domain/marketplace/backend-callback.ts";
import type {
  OpenedWorkflowReceiver,
  WorkflowReceiver,
  WorkflowSecrets,
} from "../../domain/marketplace/workflow-receiver.ts";
import { createSealedTable, type NextSecrets, type SealedRows } from "../sealed-table.ts";

/** Fields that never change. */
export type WorkflowIdentity = Pick<WorkflowReceiver, "id" | "app" | "kind" | "auth">;
/** Settings that an operator may change. */
export type WorkflowSettings = Pick<WorkflowReceiver, "name" | "location" | "callback" | "state">;

export interface NewWorkflowReceiver extends WorkflowIdentity {
  readonly settings: WorkflowSettings;
  readonly secrets: WorkflowSecrets;
}

export interface WorkflowReceivers {
  find(id: string): Promise<WorkflowReceiver | undefined>;
  /** Returns the receiver with its secrets, to authenticate requests and to sign backend callbacks. */
  open(id: string): Promise<OpenedWorkflowReceiver | undefined>;
  list(page: PageRequest & { readonly app?: string | undefined }): Promise<Page<WorkflowReceiver>>;
  create(receiver: NewWorkflowReceiver, change: Change): Promise<WorkflowReceiver>;
  /** Undefined when there is none. */
  update(id: string, settings: WorkflowSettings, change: Change): Promise<WorkflowReceiver | undefined>;
  /** Calls `next` again when the secrets were changed meanwhile. Returns undefined when there is no such receiver. */
  changeSecrets(
    id: string,
    next: NextSecrets<WorkflowReceiver, WorkflowSecrets>,
    change: Change,
  ): Promise<WorkflowReceiver | undefined>;
  /** False when there is none. */
  remove(id: string, change: Change): Promise<boolean>;
  rewrap(afterId: string, limit: number): Promise<SealedRows>;
}

/** Returns the address of a callback as an operator gave it; undefined when it is shown as the row has it, or is a binding. */
const clearUrlOf = (callback: CallbackAddress | null): string | undefined =>
  callback !== null && "url" in callback && !isRedactedUrl(callback.url) ? callback.url : undefined;

/** The row holds only the host of an address. */
function shownCallback(callback: CallbackAddress | null): CallbackAddress | null {
  const url = clearUrlOf(callback);
  return url === undefined ? callback : { url: redactedUrl(url) };
}

interface Row {
  readonly id: string;
  readonly app: string;
  readonly name: string;
  readonly kind: WorkflowReceiver["kind"];
  readonly location: string | null;
  readonly auth_kind: WorkflowReceiver["auth"]["kind"];
  readonly auth_name: string | null;
  readonly callback: string | null;
  readonly secrets: string;
  readonly state: WorkflowReceiver["state"];
  readonly created_at_ms: number;
  readonly created_by: string;
  readonly changed_at_ms: number;
}

function toWorkflowReceiver(row: Row): WorkflowReceiver {
  return {
    id: row.id,
    app: row.app,
    name: row.name,
    kind: row.kind,
    location: row.location,
    auth: { kind: row.auth_kind, name: row.auth_name },
    callback: row.callback === null ? null : (JSON.parse(row.callback) as CallbackAddress),
    state: row.state,
    createdAtMs: row.created_at_ms,
    createdBy: row.created_by,
    changedAtMs: row.changed_at_ms,
  };
}

const INSERT = `INSERT INTO workflow_receiver (id, app, kind, auth_kind, auth_name, created_at_ms, created_by,
  changed_at_ms, secrets, name, location, callback, state)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?6, ?8, ?9, ?10, ?11, ?12)`;

const UPDATE = `UPDATE workflow_receiver SET changed_at_ms = ?2, name = ?3, location = ?4, callback = ?5, state = ?6
WHERE id = ?1`;

/** Values in the order of the columns that an operator may change. */
const columns = ({ name, location, callback, state }: WorkflowSettings): readonly (string | null)[] => [
  name,
  location,
  callback === null ? null : JSON.stringify(shownCallback(callback)),
  state,
];

export function createWorkflowReceivers(db: D1Database, ring: KeyRing): WorkflowReceivers {
  const table = createSealedTable<Row, WorkflowReceiver, WorkflowSecrets>(db, ring, {
    name: "workflow_receiver",
    toItem: toWorkflowReceiver,
    none: { auth: [], callback: [] },
  });
  const { find, list, changeSecrets, remove, rewrap } = table;

  return {
    find,
    list,
    changeSecrets,
    remove,
    rewrap,
    async open(id) {
      const opened = await table.open(id);
      if (opened === undefined) return undefined;
      const { item: receiver, secrets, readable } = opened;
      return { receiver, secrets, readable };
    },
    create({ id, app, kind, auth, settings, secrets }, change) {
      const { nowMs, actor } = change;
      const insert = (column: string) =>
        db.prepare(INSERT).bind(id, app, kind, auth.kind, auth.name, nowMs, actor, column, ...columns(settings));
      const clearUrl = clearUrlOf(settings.callback);
      const sealed = clearUrl === undefined ? secrets : { ...secrets, callbackUrl: clearUrl };
      return table.create({ id, app, secrets: sealed, insert }, change);
    },
    async update(id, settings, change) {
      const clearUrl = clearUrlOf(settings.callback);
      if (clearUrl !== undefined)
        await changeSecrets(id, ({ secrets }) => ({ ...secrets, callbackUrl: clearUrl }), change);
      const statement = db.prepare(UPDATE).bind(id, change.nowMs, ...columns(settings));
      return table.change({ id, statement, action: "changed" }, change);
    },
  };
}
