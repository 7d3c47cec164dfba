import { createDataKey, type KeyRing, open, openDataKey, rewrapDataKey, seal } from "../domain/seal.ts";
import { auditIfChanged, auditStatement } from "./audit.ts";
import { readCursor, toPage } from "./cursor.ts";
import type { Change, Page, PageRequest } from "./model.ts";

/** Columns that every table with secrets has. `secrets` is `<wrapped data key> <sealed secrets>`. */
interface SealedRow {
  readonly id: string;
  readonly app: string;
  readonly secrets: string;
}

export interface Opened<Item, Secrets> {
  readonly item: Item;
  readonly secrets: Secrets;
}

/** What tables have in common whose rows hold secrets: JSON, under a data key per row, as per grant. */
export interface SealedTable<Item, Secrets> {
  find(id: string): Promise<Item | undefined>;
  /** With its secrets. */
  open(id: string): Promise<Opened<Item, Secrets> | undefined>;
  list(page: PageRequest & { readonly app?: string | undefined }): Promise<Page<Item>>;
  /** `insert` is given the column. */
  create(
    row: Pick<SealedRow, "id" | "app">,
    secrets: Secrets,
    insert: (column: string) => D1PreparedStatement,
    change: Change,
  ): Promise<Item>;
  /** Undefined when there is none. `action` is what the audit says of it. */
  change(id: string, statement: D1PreparedStatement, action: string, change: Change): Promise<Item | undefined>;
  /** `next` is asked again where somebody else has changed them meanwhile: no change is lost. Undefined when there is none. */
  changeSecrets(id: string, next: NextSecrets<Item, Secrets>, change: Change): Promise<Item | undefined>;
  /** False when there is none. */
  remove(id: string, change: Change): Promise<boolean>;
}

export type NextSecrets<Item, Secrets> = (opened: Opened<Item, Secrets>) => Secrets;

/** Sealed for its table and row: the secrets of one do not open in the place of another's. */
export function createSealedTable<Row extends SealedRow, Item, Secrets>(
  db: D1Database,
  ring: KeyRing,
  { name, toItem }: { readonly name: "endpoint" | "workflow_receiver"; readonly toItem: (row: Row) => Item },
): SealedTable<Item, Secrets> {
  const placeOf = (id: string): string => `${name}:${id}`;
  const select = (id: string): Promise<Row | null> =>
    db.prepare(`SELECT * FROM ${name} WHERE id = ?`).bind(id).first<Row>();

  async function sealed(id: string, secrets: Secrets): Promise<string> {
    const key = await createDataKey(ring, placeOf(id));
    return `${key.wrapped} ${await seal(key, JSON.stringify(secrets), placeOf(id))}`;
  }

  /** Opens, and wraps the data key anew where an older key has wrapped it. `column` is what then stands in the row. */
  async function openRow({ id, secrets }: Row): Promise<{ readonly secrets: Secrets; readonly column: string }> {
    const [wrapped = "", ciphertext = ""] = secrets.split(" ");
    const key = await openDataKey(ring, wrapped, placeOf(id));
    let column = secrets;
    if (!wrapped.startsWith(`${ring.activeId}.`)) {
      const { wrapped: anew } = await rewrapDataKey(ring, wrapped, placeOf(id));
      column = `${anew} ${ciphertext}`;
      const query = `UPDATE ${name} SET secrets = ? WHERE id = ? AND secrets = ?`;
      await db.prepare(query).bind(column, id, secrets).run();
    }
    return { secrets: JSON.parse(await open(key, ciphertext, placeOf(id))) as Secrets, column };
  }

  async function find(id: string): Promise<Item | undefined> {
    const row = await select(id);
    return row === null ? undefined : toItem(row);
  }

  /** False when there is none. */
  async function run(id: string, statement: D1PreparedStatement, action: string, change: Change): Promise<boolean> {
    const row = await select(id);
    if (row === null) return false;
    await db.batch([statement, auditStatement(db, change, { action: `${name}.${action}`, app: row.app, target: id })]);
    return true;
  }

  return {
    find,
    async open(id) {
      const row = await select(id);
      return row === null ? undefined : { item: toItem(row), secrets: (await openRow(row)).secrets };
    },
    async list(page) {
      const { results } = await db
        .prepare(`SELECT * FROM ${name} WHERE id > ?1 AND (?2 IS NULL OR app = ?2) ORDER BY id LIMIT ?3`)
        .bind(readCursor(page.cursor, 1)[0], page.app ?? null, page.limit + 1)
        .all<Row>();
      return toPage(results, page, { item: toItem, key: (row) => [row.id] });
    },
    async create({ id, app }, secrets, insert, change) {
      const statement = insert(await sealed(id, secrets));
      await db.batch([statement, auditStatement(db, change, { action: `${name}.created`, app, target: id })]);
      return (await find(id))!;
    },
    async change(id, statement, action, change) {
      return (await run(id, statement, action, change)) ? find(id) : undefined;
    },
    async changeSecrets(id, next, change) {
      const query = `UPDATE ${name} SET secrets = ?, changed_at_ms = ? WHERE id = ? AND secrets = ?`;
      // Ends: whoever loses has lost to one who is done.
      for (;;) {
        const row = await select(id);
        if (row === null) return undefined;
        const { secrets, column } = await openRow(row);
        const item = toItem(row);
        const anew = await sealed(id, next({ item, secrets }));
        const [written] = await db.batch([
          db.prepare(query).bind(anew, change.nowMs, id, column),
          auditIfChanged(db, change, { action: `${name}.secret_rotated`, app: row.app, target: id }),
        ]);
        if (written!.meta.changes > 0) return item;
      }
    },
    remove: (id, change) => run(id, db.prepare(`DELETE FROM ${name} WHERE id = ?`).bind(id), "removed", change),
  };
}
