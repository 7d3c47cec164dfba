/** Something a client has created. */
export interface StoredRecord {
  readonly id: string;
  /** Location it belongs to. */
  readonly owner: string | undefined;
  /** Id of the record it belongs to: a note's contact. */
  readonly parent: string | undefined;
  /** Milliseconds since the epoch. */
  readonly createdAtMs: number;
  /** Orders records of the same millisecond. */
  readonly order: number;
  /** The record as the API shows it. */
  data: Readonly<Record<string, unknown>>;
}

/** Change of one record by one request. */
export interface RecordChange {
  readonly collection: string;
  readonly kind: "create" | "update" | "delete";
  readonly record: StoredRecord;
  /** The record as it was shown before; `{}` for a new one. */
  readonly before: Readonly<Record<string, unknown>>;
  /** The record as it is shown now; a deleted one as it was last. */
  readonly after: Readonly<Record<string, unknown>>;
}

/** Records that clients have created, by collection. */
export interface RecordStore {
  insert(collection: string, record: Omit<StoredRecord, "order">): StoredRecord;
  get(collection: string, id: string): StoredRecord | undefined;
  remove(collection: string, id: string): void;
  /** Whether it was there once. */
  wasRemoved(collection: string, id: string): boolean;
  /** Oldest first. */
  all(collection: string): readonly StoredRecord[];
  /** Changes since the last call, in order. Several changes of one record are one. */
  takeChanges(): readonly RecordChange[];
  /** Records per collection, for people who look on. */
  counts(): Readonly<Record<string, number>>;
  clear(): void;
}

/** Notes a change. Creation and later changes of one request are its creation; what came and went is nothing. */
function noted(changes: Map<string, RecordChange>, change: RecordChange): void {
  const key = `${change.collection} ${change.record.id}`;
  const earlier = changes.get(key);
  if (earlier === undefined || earlier.kind === "delete") changes.set(key, change);
  else if (change.kind === "delete" && earlier.kind === "create") changes.delete(key);
  else
    changes.set(key, { ...change, kind: change.kind === "delete" ? "delete" : earlier.kind, before: earlier.before });
}

/** A record that notes what becomes of it. A class, because thousands of them are seeded. */
class NotingRecord implements StoredRecord {
  readonly id: string;
  readonly owner: string | undefined;
  readonly parent: string | undefined;
  readonly createdAtMs: number;
  readonly order: number;
  readonly #collection: string;
  readonly #changes: Map<string, RecordChange>;
  #shown: StoredRecord["data"];

  constructor(collection: string, record: StoredRecord, changes: Map<string, RecordChange>) {
    this.id = record.id;
    this.owner = record.owner;
    this.parent = record.parent;
    this.createdAtMs = record.createdAtMs;
    this.order = record.order;
    this.#collection = collection;
    this.#changes = changes;
    this.#shown = record.data;
  }

  get data(): StoredRecord["data"] {
    return this.#shown;
  }

  set data(next: StoredRecord["data"]) {
    const before = this.#shown;
    this.#shown = next;
    noted(this.#changes, { collection: this.#collection, kind: "update", record: this, before, after: next });
  }
}

export function createRecordStore(): RecordStore {
  const collections = new Map<string, Map<string, StoredRecord>>();
  const removed = new Set<string>();
  const changes = new Map<string, RecordChange>();
  let order = 0;
  const of = (collection: string): Map<string, StoredRecord> => {
    const found = collections.get(collection) ?? new Map<string, StoredRecord>();
    collections.set(collection, found);
    return found;
  };
  return {
    insert: (collection, record) => {
      const stored = new NotingRecord(collection, { ...record, order: ++order }, changes);
      of(collection).set(record.id, stored);
      removed.delete(`${collection} ${record.id}`);
      noted(changes, { collection, kind: "create", record: stored, before: {}, after: record.data });
      return stored;
    },
    get: (collection, id) => of(collection).get(id),
    remove: (collection, id) => {
      const record = of(collection).get(id);
      if (record === undefined) return;
      of(collection).delete(id);
      removed.add(`${collection} ${id}`);
      noted(changes, { collection, kind: "delete", record, before: record.data, after: record.data });
    },
    wasRemoved: (collection, id) => removed.has(`${collection} ${id}`),
    all: (collection) => [...of(collection).values()],
    takeChanges: () => {
      const taken = [...changes.values()];
      changes.clear();
      return taken;
    },
    counts: () => Object.fromEntries(Array.from(collections, ([name, records]) => [name, records.size])),
    clear: () => {
      collections.clear();
      removed.clear();
      changes.clear();
    },
  };
}
