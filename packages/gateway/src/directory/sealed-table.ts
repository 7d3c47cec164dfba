import type { Change, Page, PageRequest } from "../domain/administration-model.ts";
import {
  createDataKey,
  type KeyRing,
  open,
  openDataKey,
  rewrapDataKey,
  SealBrokenError,
  seal,
  wrappingKeyId,
} from "../domain/grants/seal.ts";
import { readCursor, toPage } from "./cursor.ts";
import { auditIfChanged, auditStatement } from "./tables/audit.ts";

/** Columns that every table with secrets has. `secrets` is `<wrapped data key> <sealed secrets>`. */
interface SealedRow {
  readonly id: string;
  readonly app: string;
  readonly secrets: string;
}

export interface Opened<Item, Secrets> {
  readonly item: Item;
  /** None where they do not open. */
  readonly secrets: Secrets;
  /** Whether they open: false when the key that sealed them is gone. */
  readonly readable: boolean;
}

/** Rows of one table by the key of `TOKEN_KEYS` that seals them. */
export interface SealedRows {
  /** Rows by id of the key, after they were sealed by the active one where they open. */
  readonly keys: ReadonlyMap<string, { readonly rows: number; readonly unreadable: number }>;
  /** Names the last row; it is undefined when there is no other. */
  readonly nextId: string | undefined;
}

export interface NewRow<Secrets> extends Pick<SealedRow, "id" | "app"> {
  readonly secrets: Secrets;
  /** Makes the statement with the column of the sealed secrets. */
  readonly insert: (column: string) => D1PreparedStatement;
}

export interface ChangedRow {
  readonly id: string;
  readonly statement: D1PreparedStatement;
  /** The last part of the action's name in the audit. */
  readonly action: string;
}

/** A table whose rows hold secrets: JSON that is sealed under a data key per row. */
export interface SealedTable<Item, Secrets> {
  find(id: string): Promise<Item | undefined>;
  /** Finds a row and opens its secrets. */
  open(id: string): Promise<Opened<Item, Secrets> | undefined>;
  list(page: PageRequest & { readonly app?: string | undefined }): Promise<Page<Item>>;
  create(row: NewRow<Secrets>, change: Change): Promise<Item>;
  /** Undefined when there is no such row. */
  change(row: ChangedRow, change: Change): Promise<Item | undefined>;
  /** Calls `next` again if another writer changed the secrets meanwhile, so that no change is lost. Undefined when there is no such row. */
  changeSecrets(id: string, next: NextSecrets<Item, Secrets>, change: Change): Promise<Item | undefined>;
  /** False when there is none. */
  remove(id: string, change: Change): Promise<boolean>;
  /** Seals up to `limit` rows after `afterId` by the active key. */
  rewrap(afterId: string, limit: number): Promise<SealedRows>;
}

export type NextSecrets<Item, Secrets> = (opened: Opened<Item, Secrets>) => Secrets;

/** Sealed for its table and row: the secrets of one do not open under the key of another. */
export function createSealedTable<Row extends SealedRow, Item, Secrets>(
  db: D1Database,
  ring: KeyRing,
  {
    name,
    toItem,
    none,
  }: {
    readonly name: "endpoint" | "workflow_receiver";
    readonly toItem: (row: Row) => Item;
    /** Stands for secrets that do not open. */
    readonly none: Secrets;
  },
): SealedTable<Item, Secrets> {
  const listAll = `SELECT * FROM ${name} WHERE id > ?1 ORDER BY id LIMIT ?2`;
  const listOfApp = `SELECT * FROM ${name} INDEXED BY ${name}_of_app WHERE app = ?3 AND id > ?1 ORDER BY id LIMIT ?2`;
  const recordKey = (id: string): string => `${name}:${id}`;
  const select = (id: string): Promise<Row | null> =>
    db.prepare(`SELECT * FROM ${name} WHERE id = ?`).bind(id).first<Row>();

  async function sealed(id: string, secrets: Secrets): Promise<string> {
    const key = await createDataKey(ring, recordKey(id));
    return `${key.wrapped} ${await seal(key, JSON.stringify(secrets), recordKey(id))}`;
  }

  /**
   * Opens, and wraps the data key again where another than the active key has wrapped it. `column` is what then stands in the row; it
   * stays as it is where its key is gone, in case the key comes back.
   */
  async function openRow({ id, secrets }: Row) {
    const [wrapped = "", ciphertext = ""] = secrets.split(" ");
    try {
      const key = await openDataKey(ring, wrapped, recordKey(id));
      const opened = JSON.parse(await open(key, ciphertext, recordKey(id))) as Secrets;
      let column = secrets;
      if (wrappingKeyId(wrapped) !== ring.activeId) {
        const { wrapped: rewrapped } = await rewrapDataKey(ring, wrapped, recordKey(id));
        column = `${rewrapped} ${ciphertext}`;
        const query = `UPDATE ${name} SET secrets = ? WHERE id = ? AND secrets = ?`;
        await db.prepare(query).bind(column, id, secrets).run();
      }
      return { secrets: opened, column, readable: true };
    } catch (error) {
      if (!(error instanceof SealBrokenError)) throw error;
      return { secrets: none, column: secrets, readable: false };
    }
  }

  async function find(id: string): Promise<Item | undefined> {
    const row = await select(id);
    return row === null ? undefined : toItem(row);
  }

  /** False when there is none. */
  async function run({ id, statement, action }: ChangedRow, change: Change): Promise<boolean> {
    const row = await select(id);
    if (row === null) return false;
    await db.batch([statement, auditStatement(db, change, { action: `${name}.${action}`, app: row.app, target: id })]);
    return true;
  }

  return {
    find,
    async open(id) {
      const row = await select(id);
      if (row === null) return undefined;
      const { secrets, readable } = await openRow(row);
      return { item: toItem(row), secrets, readable };
    },
    async list(page) {
      const { results } = await db
        .prepare(page.app === undefined ? listAll : listOfApp)
        .bind(readCursor(page.cursor, 1)[0], page.limit + 1, ...(page.app === undefined ? [] : [page.app]))
        .all<Row>();
      return toPage(results, page, { item: toItem, key: (row) => [row.id] });
    },
    async create({ id, app, secrets, insert }, change) {
      const statement = insert(await sealed(id, secrets));
      await db.batch([statement, auditStatement(db, change, { action: `${name}.created`, app, target: id })]);
      return (await find(id))!;
    },
    async change(row, change) {
      return (await run(row, change)) ? find(row.id) : undefined;
    },
    async changeSecrets(id, next, change) {
      const query = `UPDATE ${name} SET secrets = ?, changed_at_ms = ? WHERE id = ? AND secrets = ?`;
      // Terminates: a failed compare-and-set means that another writer has committed.
      for (;;) {
        const row = await select(id);
        if (row === null) return undefined;
        const { secrets, column, readable } = await openRow(row);
        const item = toItem(row);
        const resealed = await sealed(id, next({ item, secrets, readable }));
        const [written] = await db.batch([
          db.prepare(query).bind(resealed, change.nowMs, id, column),
          auditIfChanged(db, change, { action: `${name}.secret_rotated`, app: row.app, target: id }),
        ]);
        if (written!.meta.changes > 0) return item;
      }
    },
    async rewrap(afterId, limit) {
      const query = `SELECT * FROM ${name} WHERE id > ? ORDER BY id LIMIT ?`;
      const { results } = await db.prepare(query).bind(afterId, limit).all<Row>();
      const keys = new Map<string, { readonly rows: number; readonly unreadable: number }>();
      for (const row of results) {
        const { column, readable } = await openRow(row);
        const keyId = wrappingKeyId(column);
        const { rows = 0, unreadable = 0 } = keys.get(keyId) ?? {};
        keys.set(keyId, { rows: rows + 1, unreadable: unreadable + (readable ? 0 : 1) });
      }
      return { keys, nextId: results.length < limit ? undefined : results.at(-1)?.id };
    },
    remove(id, change) {
      const statement = db.prepare(`DELETE FROM ${name} WHERE id = ?`).bind(id);
      return run({ id, statement, action: "removed" }, change);
    },
  };
}
