import type { DisabledReason, Endpoint, EndpointSecrets, EndpointState } from "../domain/endpoint.ts";
import type { EventFilter } from "../domain/event-filter.ts";
import type { InboxAddress } from "../domain/inbox-event.ts";
import type { KeyRing } from "../domain/seal.ts";
import { isolate } from "../isolate.ts";
import { auditIfChanged } from "./audit.ts";
import { noteInbox } from "./inboxes.ts";
import { targetOf, toResource } from "./installations.ts";
import type { Change, Page, PageRequest } from "./model.ts";
import { createSealedTable, type NextSecrets, type SealedRows } from "./sealed-table.ts";

/** What an operator decides of an endpoint. */
export type EndpointSettings = Pick<
  Endpoint,
  "name" | "kind" | "target" | "format" | "ordered" | "shards" | "types" | "resources" | "filter" | "state"
>;

export interface OpenedEndpoint {
  readonly endpoint: Endpoint;
  readonly secrets: EndpointSecrets;
  /** False when the key that sealed the secrets is gone: nothing can be sent. */
  readonly readable: boolean;
}

export interface Endpoints {
  find(id: string): Promise<Endpoint | undefined>;
  /** With its secrets, for those that send. */
  open(id: string): Promise<OpenedEndpoint | undefined>;
  /**
   * All of an app: there are never many. As they were at most `ENDPOINTS_FRESH_MS` ago; with `listed`, which notes in the same go that this
   * inbox has events, as they are now.
   */
  ofApp(app: string, listed?: { readonly address: InboxAddress; readonly nowMs: number }): Promise<readonly Endpoint[]>;
  list(page: PageRequest & { readonly app?: string | undefined }): Promise<Page<Endpoint>>;
  create(
    id: string,
    app: string,
    settings: EndpointSettings,
    secrets: EndpointSecrets,
    change: Change,
  ): Promise<Endpoint>;
  /** Undefined when there is none. */
  update(id: string, settings: EndpointSettings, change: Change): Promise<Endpoint | undefined>;
  /** Of an operator's; it is disabled by nobody any more. Undefined when there is none. */
  setState(id: string, state: Exclude<EndpointState, "disabled">, change: Change): Promise<Endpoint | undefined>;
  /** `next` is asked again where somebody else has changed them meanwhile. Undefined when there is none. */
  changeSecrets(
    id: string,
    next: NextSecrets<Endpoint, EndpointSecrets>,
    change: Change,
  ): Promise<Endpoint | undefined>;
  /** False: it was no longer active, so that somebody else has said so. */
  disable(id: string, because: DisabledReason, change: Change): Promise<boolean>;
  remove(id: string, change: Change): Promise<boolean>;
  rewrap(afterId: string, limit: number): Promise<SealedRows>;
}

interface Row {
  readonly id: string;
  readonly app: string;
  readonly name: string;
  readonly kind: Endpoint["kind"];
  readonly target: string;
  readonly format: Endpoint["format"];
  readonly ordered: number;
  readonly shards: number;
  readonly types: string | null;
  readonly resources: string | null;
  readonly filter: string | null;
  readonly secrets: string;
  readonly state: EndpointState;
  readonly disabled_because: DisabledReason | null;
  readonly created_at_ms: number;
  readonly created_by: string;
  readonly changed_at_ms: number;
}

function toEndpoint(row: Row): Endpoint {
  return {
    id: row.id,
    app: row.app,
    name: row.name,
    kind: row.kind,
    target: row.target,
    format: row.format,
    ordered: row.ordered === 1,
    shards: row.shards,
    types: row.types === null ? null : (JSON.parse(row.types) as string[]),
    resources: row.resources === null ? null : row.resources.split(" ").map(toResource),
    filter: row.filter === null ? null : (JSON.parse(row.filter) as EventFilter),
    state: row.state,
    disabledBecause: row.disabled_because,
    createdAtMs: row.created_at_ms,
    createdBy: row.created_by,
    changedAtMs: row.changed_at_ms,
  };
}

/** In the order of the columns that an operator decides. */
function columns(settings: EndpointSettings): readonly (string | number | null)[] {
  const { name, kind, target, format, ordered, shards, types, resources, filter, state } = settings;
  return [
    name,
    kind,
    target,
    format,
    ordered ? 1 : 0,
    shards,
    types === null ? null : JSON.stringify(types),
    resources === null ? null : resources.map(targetOf).join(" "),
    filter === null ? null : JSON.stringify(filter),
    state,
  ];
}

const INSERT = `INSERT INTO endpoint (id, app, secrets, created_at_ms, created_by, changed_at_ms,
  name, kind, target, format, ordered, shards, types, resources, filter, state)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

const UPDATE = `UPDATE endpoint SET changed_at_ms = ?2, name = ?3, kind = ?4, target = ?5, format = ?6, ordered = ?7,
  shards = ?8, types = ?9, resources = ?10, filter = ?11, state = ?12,
  disabled_because = CASE WHEN ?12 = 'disabled' THEN coalesce(disabled_because, 'operator') END
WHERE id = ?1`;

/** What this isolate changes, it knows at once. */
async function changing<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } finally {
    isolate.endpointChanges++;
    isolate.endpoints.clear();
  }
}

export function createEndpoints(db: D1Database, ring: KeyRing): Endpoints {
  const table = createSealedTable<Row, Endpoint, EndpointSecrets>(db, ring, {
    name: "endpoint",
    toItem: toEndpoint,
    none: { signing: [] },
  });
  const { find, list, changeSecrets, remove, rewrap } = table;
  return {
    find,
    list,
    rewrap,
    changeSecrets: (...change) => changing(changeSecrets(...change)),
    remove: (...change) => changing(remove(...change)),
    async open(id) {
      const opened = await table.open(id);
      return opened && { endpoint: opened.item, secrets: opened.secrets, readable: opened.readable };
    },
    async ofApp(app, listed) {
      const known = listed === undefined ? isolate.endpoints.get(app) : undefined;
      if (known !== undefined) return known;
      const [before, nowMs] = [isolate.endpointChanges, Date.now()];
      const select = db.prepare("SELECT * FROM endpoint WHERE app = ?").bind(app);
      const notes = listed === undefined ? [] : [noteInbox(db, app, listed.address, listed.nowMs)];
      const results = await db.batch<Row>([...notes, select]);
      const endpoints = results.at(-1)!.results.map(toEndpoint);
      if (isolate.endpointChanges === before) isolate.endpoints.set(app, endpoints, nowMs);
      return endpoints;
    },
    create(id, app, settings, secrets, change) {
      const { nowMs, actor } = change;
      const insert = (column: string) =>
        db.prepare(INSERT).bind(id, app, column, nowMs, actor, nowMs, ...columns(settings));
      return changing(table.create({ id, app }, secrets, insert, change));
    },
    update: (id, settings, change) =>
      changing(table.change(id, db.prepare(UPDATE).bind(id, change.nowMs, ...columns(settings)), "changed", change)),
    setState(id, state, change) {
      const query = "UPDATE endpoint SET state = ?, disabled_because = NULL, changed_at_ms = ? WHERE id = ?";
      return changing(table.change(id, db.prepare(query).bind(state, change.nowMs, id), state, change));
    },
    async disable(id, because, change) {
      const endpoint = await find(id);
      if (endpoint === undefined) return false;
      const query =
        "UPDATE endpoint SET state = 'disabled', disabled_because = ?, changed_at_ms = ? WHERE id = ? AND state = 'active'";
      const batch = db.batch([
        db.prepare(query).bind(because, change.nowMs, id),
        auditIfChanged(db, change, { action: "endpoint.disabled", app: endpoint.app, target: id }),
      ]);
      const [disabled] = await changing(batch);
      return disabled!.meta.changes > 0;
    },
  };
}
