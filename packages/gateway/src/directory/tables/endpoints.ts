import type { Change, Page, PageRequest } from "../../domain/administration-model.ts";
import type { DisabledReason, Endpoint, EndpointSecrets, EndpointState } from "../../domain/delivery/endpoint.ts";
import { isRedactedUrl, redactedUrl } from "../../domain/delivery/secret-url.ts";
import type { EventFilter } from "../../domain/events/event-filter.ts";
import type { KeyRing } from "../../domain/grants/seal.ts";
import type { RecentEndpoints } from "../recent-endpoints.ts";
import { createSealedTable, type NextSecrets, type SealedRows } from "../sealed-table.ts";
import { auditIfChanged } from "./audit.ts";
import { targetOf, toResource } from "./installations.ts";

/** Settings that an operator chooses. */
export type EndpointSettings = Pick<
  Endpoint,
  | "name"
  | "kind"
  | "target"
  | "format"
  | "ordered"
  | "batchSize"
  | "shards"
  | "types"
  | "resources"
  | "filter"
  | "state"
>;

export interface NewEndpoint {
  readonly id: string;
  readonly app: string;
  readonly settings: EndpointSettings;
  readonly secrets: EndpointSecrets;
}

export interface OpenedEndpoint {
  readonly endpoint: Endpoint;
  /** They include the address of an `https` endpoint. */
  readonly secrets: EndpointSecrets;
  /** False when the key that sealed the secrets is gone, and with it an address: nothing can be sent. */
  readonly readable: boolean;
}

export interface Endpoints {
  find(id: string): Promise<Endpoint | undefined>;
  /** With its secrets, for those that send. */
  open(id: string): Promise<OpenedEndpoint | undefined>;
  /** Returns all endpoints of an app, as they were at most `ENDPOINTS_FRESH_MS` ago. */
  ofApp(app: string): Promise<readonly Endpoint[]>;
  list(page: PageRequest & { readonly app?: string | undefined }): Promise<Page<Endpoint>>;
  create(endpoint: NewEndpoint, change: Change): Promise<Endpoint>;
  /** Undefined when there is none. */
  update(id: string, settings: EndpointSettings, change: Change): Promise<Endpoint | undefined>;
  /** Sets a state that an operator chose and removes the reason of a disabled endpoint. Undefined: there is no such endpoint. */
  setState(id: string, state: Exclude<EndpointState, "disabled">, change: Change): Promise<Endpoint | undefined>;
  /** `next` is asked again where somebody else has changed them meanwhile. Undefined when there is none. */
  changeSecrets(
    id: string,
    next: NextSecrets<Endpoint, EndpointSecrets>,
    change: Change,
  ): Promise<Endpoint | undefined>;
  /** Raises the number of shards from one value to another. False: it has changed since, or the endpoint may not grow by itself. */
  raiseShards(id: string, shards: { readonly from: number; readonly to: number }, change: Change): Promise<boolean>;
  /** Counts the endpoints of an app. */
  count(app: string): Promise<number>;
  /** False: it was no longer active, or paused where `because` is `backlog`, so that somebody else has said so. */
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
  readonly batch_size: number;
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

/** The row holds only the host of an address. */
const shownTarget = ({ kind, target }: Pick<EndpointSettings, "kind" | "target">): string =>
  kind === "https" && !isRedactedUrl(target) ? redactedUrl(target) : target;

function toEndpoint(row: Row): Endpoint {
  return {
    id: row.id,
    app: row.app,
    name: row.name,
    kind: row.kind,
    target: row.target,
    format: row.format,
    ordered: row.ordered === 1,
    batchSize: row.batch_size,
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

/** Values in the order of the columns that an operator chooses. */
function columns(settings: EndpointSettings): readonly (string | number | null)[] {
  const { name, kind, format, ordered, batchSize, shards, types, resources, filter, state } = settings;
  return [
    name,
    kind,
    shownTarget(settings),
    format,
    ordered ? 1 : 0,
    batchSize,
    shards,
    types === null ? null : JSON.stringify(types),
    resources === null ? null : resources.map(targetOf).join(" "),
    filter === null ? null : JSON.stringify(filter),
    state,
  ];
}

const INSERT = `INSERT INTO endpoint (id, app, secrets, created_at_ms, created_by, changed_at_ms,
  name, kind, target, format, ordered, batch_size, shards, types, resources, filter, state)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** A dispatcher may have raised the number of shards since it was read. It never falls, because each shard has deliveries. */
const UPDATE = `UPDATE endpoint SET changed_at_ms = ?2, name = ?3, kind = ?4, target = ?5, format = ?6, ordered = ?7,
  batch_size = ?8, shards = max(shards, ?9), types = ?10, resources = ?11, filter = ?12, state = ?13,
  disabled_because = CASE WHEN ?13 = 'disabled' THEN coalesce(disabled_because, 'operator') END
WHERE id = ?1`;

export function createEndpoints(db: D1Database, ring: KeyRing, recent: RecentEndpoints): Endpoints {
  const table = createSealedTable<Row, Endpoint, EndpointSecrets>(db, ring, {
    name: "endpoint",
    toItem: toEndpoint,
    none: { signing: [] },
  });
  const { find, list, rewrap } = table;

  /** Also after a failure: the change may have been made. */
  async function changing<Result>(work: Promise<Result>): Promise<Result> {
    try {
      return await work;
    } finally {
      recent.forget();
    }
  }

  return {
    find,
    list,
    rewrap,
    changeSecrets: (...change) => changing(table.changeSecrets(...change)),
    remove: (...change) => changing(table.remove(...change)),
    async open(id) {
      const opened = await table.open(id);
      if (opened === undefined) return undefined;
      const { item: endpoint, secrets } = opened;
      // A secret that was rotated after its key was lost opens, and the address is lost all the same.
      const isLost = endpoint.kind === "https" && secrets.url === undefined;
      return { endpoint, secrets, readable: opened.readable && !isLost };
    },
    async ofApp(app) {
      const known = recent.get(app);
      if (known !== undefined) return known;
      const cache = recent.startRead(app);
      const { results } = await db.prepare("SELECT * FROM endpoint WHERE app = ?").bind(app).all<Row>();
      const endpoints = results.map(toEndpoint);
      cache(endpoints);
      return endpoints;
    },
    create({ id, app, settings, secrets }, change) {
      const { nowMs, actor } = change;
      const isClear = settings.kind === "https" && !isRedactedUrl(settings.target);
      const sealed = isClear ? { ...secrets, url: secrets.url ?? settings.target } : secrets;
      const insert = (column: string) =>
        db.prepare(INSERT).bind(id, app, column, nowMs, actor, nowMs, ...columns(settings));
      return changing(table.create({ id, app, secrets: sealed, insert }, change));
    },
    async update(id, settings, change) {
      const statement = db.prepare(UPDATE).bind(id, change.nowMs, ...columns(settings));
      return changing(table.change({ id, statement, action: "changed" }, change));
    },
    async setState(id, state, change) {
      const query = "UPDATE endpoint SET state = ?, disabled_because = NULL, changed_at_ms = ? WHERE id = ?";
      const statement = db.prepare(query).bind(state, change.nowMs, id);
      return changing(table.change({ id, statement, action: state }, change));
    },
    async raiseShards(id, { from, to }, change) {
      const endpoint = await find(id);
      if (endpoint === undefined) return false;
      const query = `UPDATE endpoint SET shards = ?3, changed_at_ms = ?4
        WHERE id = ?1 AND shards = ?2 AND ordered = 0 AND state = 'active'`;
      const batch = db.batch([
        db.prepare(query).bind(id, from, to, change.nowMs),
        auditIfChanged(db, change, { action: "endpoint.shards_raised", app: endpoint.app, target: id }),
      ]);
      const [raised] = await changing(batch);
      return raised!.meta.changes > 0;
    },
    async count(app) {
      const query = "SELECT count(*) AS count FROM endpoint WHERE app = ?";
      return (await db.prepare(query).bind(app).first<number>("count")) ?? 0;
    },
    async disable(id, because, change) {
      const endpoint = await find(id);
      if (endpoint === undefined) return false;
      // Deliveries also pile up for a paused endpoint.
      const states = because === "backlog" ? "('active', 'paused')" : "('active')";
      const query = `UPDATE endpoint SET state = 'disabled', disabled_because = ?, changed_at_ms = ?
        WHERE id = ? AND state IN ${states}`;
      const batch = db.batch([
        db.prepare(query).bind(because, change.nowMs, id),
        auditIfChanged(db, change, { action: "endpoint.disabled", app: endpoint.app, target: id }),
      ]);
      const [disabled] = await changing(batch);
      return disabled!.meta.changes > 0;
    },
  };
}
