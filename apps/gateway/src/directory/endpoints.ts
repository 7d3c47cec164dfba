import type { DisabledReason, Endpoint, EndpointSecrets, EndpointState } from "../domain/endpoint.ts";
import type { EventFilter } from "../domain/event-filter.ts";
import type { InboxAddress } from "../domain/inbox-event.ts";
import { createDataKey, type KeyRing, open, openDataKey, rewrapDataKey, seal } from "../domain/seal.ts";
import { auditIfChanged, auditStatement } from "./audit.ts";
import { readCursor, toPage } from "./cursor.ts";
import { noteInbox } from "./inboxes.ts";
import { targetOf, toResource } from "./installations.ts";
import type { Change, Page, PageRequest } from "./model.ts";

/** What an operator decides of an endpoint. */
export type EndpointSettings = Pick<
  Endpoint,
  "name" | "kind" | "target" | "format" | "ordered" | "shards" | "types" | "resources" | "filter" | "state"
>;

export interface OpenedEndpoint {
  readonly endpoint: Endpoint;
  readonly secrets: EndpointSecrets;
}

export interface Endpoints {
  find(id: string): Promise<Endpoint | undefined>;
  /** With its secrets, for those that send. */
  open(id: string): Promise<OpenedEndpoint | undefined>;
  /** All of an app: there are never many. With `listed`, notes in the same go that this inbox has events. */
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
  writeSecrets(id: string, secrets: EndpointSecrets, change: Change): Promise<void>;
  /** False: it was no longer active, so that somebody else has said so. */
  disable(id: string, because: DisabledReason, change: Change): Promise<boolean>;
  remove(id: string, change: Change): Promise<boolean>;
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

const placeOf = (id: string): string => `endpoint:${id}`;

/** `<wrapped data key> <sealed secrets>`: a data key per endpoint, as per grant. */
async function sealSecrets(ring: KeyRing, id: string, secrets: EndpointSecrets): Promise<string> {
  const key = await createDataKey(ring, placeOf(id));
  return `${key.wrapped} ${await seal(key, JSON.stringify(secrets), placeOf(id))}`;
}

export function createEndpoints(db: D1Database, ring: KeyRing): Endpoints {
  const select = (id: string): Promise<Row | null> =>
    db.prepare("SELECT * FROM endpoint WHERE id = ?").bind(id).first<Row>();

  /** Opens, and wraps the data key anew where an older key has wrapped it. */
  async function openRow({ id, secrets }: Row): Promise<EndpointSecrets> {
    const [wrapped = "", sealed = ""] = secrets.split(" ");
    const key = await openDataKey(ring, wrapped, placeOf(id));
    if (!wrapped.startsWith(`${ring.activeId}.`)) {
      const { wrapped: anew } = await rewrapDataKey(ring, wrapped, placeOf(id));
      const query = "UPDATE endpoint SET secrets = ? WHERE id = ? AND secrets = ?";
      await db.prepare(query).bind(`${anew} ${sealed}`, id, secrets).run();
    }
    return JSON.parse(await open(key, sealed, placeOf(id))) as EndpointSecrets;
  }

  const find = async (id: string): Promise<Endpoint | undefined> => {
    const row = await select(id);
    return row === null ? undefined : toEndpoint(row);
  };

  return {
    find,
    async open(id) {
      const row = await select(id);
      return row === null ? undefined : { endpoint: toEndpoint(row), secrets: await openRow(row) };
    },
    async ofApp(app, listed) {
      const select = db.prepare("SELECT * FROM endpoint WHERE app = ?").bind(app);
      const notes = listed === undefined ? [] : [noteInbox(db, app, listed.address, listed.nowMs)];
      const results = await db.batch<Row>([...notes, select]);
      return results.at(-1)!.results.map(toEndpoint);
    },
    async list(page) {
      const { results } = await db
        .prepare("SELECT * FROM endpoint WHERE id > ?1 AND (?2 IS NULL OR app = ?2) ORDER BY id LIMIT ?3")
        .bind(readCursor(page.cursor, 1)[0], page.app ?? null, page.limit + 1)
        .all<Row>();
      return toPage(results, page, { item: toEndpoint, key: (row) => [row.id] });
    },
    async create(id, app, settings, secrets, change) {
      const { nowMs, actor } = change;
      const sealed = await sealSecrets(ring, id, secrets);
      await db.batch([
        db.prepare(INSERT).bind(id, app, sealed, nowMs, actor, nowMs, ...columns(settings)),
        auditStatement(db, change, { action: "endpoint.created", app, target: id }),
      ]);
      return (await find(id))!;
    },
    async update(id, settings, change) {
      const before = await find(id);
      if (before === undefined) return undefined;
      await db.batch([
        db.prepare(UPDATE).bind(id, change.nowMs, ...columns(settings)),
        auditStatement(db, change, { action: "endpoint.changed", app: before.app, target: id }),
      ]);
      return find(id);
    },
    async setState(id, state, change) {
      const before = await find(id);
      if (before === undefined) return undefined;
      const query = "UPDATE endpoint SET state = ?, disabled_because = NULL, changed_at_ms = ? WHERE id = ?";
      await db.batch([
        db.prepare(query).bind(state, change.nowMs, id),
        auditStatement(db, change, { action: `endpoint.${state}`, app: before.app, target: id }),
      ]);
      return find(id);
    },
    async writeSecrets(id, secrets, change) {
      const row = await select(id);
      if (row === null) return;
      await db.batch([
        db
          .prepare("UPDATE endpoint SET secrets = ?, changed_at_ms = ? WHERE id = ?")
          .bind(await sealSecrets(ring, id, secrets), change.nowMs, id),
        auditStatement(db, change, { action: "endpoint.secret_rotated", app: row.app, target: id }),
      ]);
    },
    async disable(id, because, change) {
      const row = await select(id);
      if (row === null) return false;
      const query =
        "UPDATE endpoint SET state = 'disabled', disabled_because = ?, changed_at_ms = ? WHERE id = ? AND state = 'active'";
      const [disabled] = await db.batch([
        db.prepare(query).bind(because, change.nowMs, id),
        auditIfChanged(db, change, { action: "endpoint.disabled", app: row.app, target: id }),
      ]);
      return disabled!.meta.changes > 0;
    },
    async remove(id, change) {
      const row = await select(id);
      if (row === null) return false;
      await db.batch([
        db.prepare("DELETE FROM endpoint WHERE id = ?").bind(id),
        auditStatement(db, change, { action: "endpoint.removed", app: row.app, target: id }),
      ]);
      return true;
    },
  };
}
