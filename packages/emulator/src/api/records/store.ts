/** Something a client has created. */
export interface StoredRecord {
  readonly id: string;
  /** Location it belongs to. */
  readonly owner: string | undefined;
  /** Id of the record it belongs to: a note's contact. */
  readonly parent: string | undefined;
  /** Milliseconds since the epoch. */
  readonly createdAtMs: number;
  /** Tells records of one millisecond apart. */
  readonly order: number;
  /** As the API shows it. */
  data: Readonly<Record<string, unknown>>;
}

/** What clients have created, by collection. */
export interface RecordStore {
  insert(collection: string, record: Omit<StoredRecord, "order">): StoredRecord;
  get(collection: string, id: string): StoredRecord | undefined;
  remove(collection: string, id: string): void;
  /** Whether it was there once. */
  wasRemoved(collection: string, id: string): boolean;
  /** Oldest first. */
  all(collection: string): readonly StoredRecord[];
  /** Records per collection, for people who look on. */
  counts(): Readonly<Record<string, number>>;
  clear(): void;
}

export function createRecordStore(): RecordStore {
  const collections = new Map<string, Map<string, StoredRecord>>();
  const removed = new Set<string>();
  let order = 0;
  const of = (collection: string): Map<string, StoredRecord> => {
    const found = collections.get(collection) ?? new Map<string, StoredRecord>();
    collections.set(collection, found);
    return found;
  };
  return {
    insert: (collection, record) => {
      const stored = { ...record, order: ++order };
      of(collection).set(record.id, stored);
      removed.delete(`${collection} ${record.id}`);
      return stored;
    },
    get: (collection, id) => of(collection).get(id),
    remove: (collection, id) => {
      if (of(collection).delete(id)) removed.add(`${collection} ${id}`);
    },
    wasRemoved: (collection, id) => removed.has(`${collection} ${id}`),
    all: (collection) => [...of(collection).values()],
    counts: () => Object.fromEntries(Array.from(collections, ([name, records]) => [name, records.size])),
    clear: () => {
      collections.clear();
      removed.clear();
    },
  };
}
