import type { RecordStore, StoredRecord } from "../api/records/store.ts";
import type { Random } from "../core/random.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Location and time of a seeded record. */
export interface SeedTarget {
  readonly store: RecordStore;
  readonly random: Random;
  readonly locationId: string;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

interface Row {
  readonly collection: string;
  readonly data: Fields;
  /** Age of the record, in ms. */
  readonly agoMs: number;
  /** Id of the record it belongs to. */
  readonly parent?: string;
}

/** Records of the older part of HighLevel: ids of 20 letters and digits, `dateAdded`. */
export function addRecord({ store, random, locationId, nowMs }: SeedTarget, row: Row): StoredRecord {
  const { collection, data, agoMs, parent } = row;
  const id = random.text(20);
  const createdAtMs = nowMs - agoMs;
  const at = new Date(createdAtMs).toISOString();
  const own = { id, locationId, ...data, dateAdded: at, dateUpdated: at };
  return store.insert(collection, { id, owner: locationId, parent, createdAtMs, data: own });
}

/** Records of the newer part: MongoDB's ids as `_id`, `createdAt`, and the location as `altId`. */
export function addDocument({ store, random, locationId, nowMs }: SeedTarget, row: Row): StoredRecord {
  const { collection, data, agoMs, parent } = row;
  const id = random.hex(24);
  const createdAtMs = nowMs - agoMs;
  const at = new Date(createdAtMs).toISOString();
  const own = { _id: id, altId: locationId, altType: "location", ...data, createdAt: at, updatedAt: at };
  return store.insert(collection, { id, owner: locationId, parent, createdAtMs, data: own });
}
