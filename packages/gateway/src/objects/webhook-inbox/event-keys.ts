/** Keys in one value of the column `keys`. More would make a wider row, fewer would read more rows when an object wakes. */
const KEYS_PER_ROW = 32;
/** Hexadecimal digits of a short key: 52 bits, which a JavaScript number holds exactly. */
const SHORT_KEY_DIGITS = 13;
const FIRST_CAPACITY = 64;

/** Reads by primary key, so that no other event is read. */
const FULL_ROWS = "SELECT seq, keys FROM event WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq";
const LAST_ROWS = "SELECT seq, dedupe_key FROM event WHERE seq >= ? ORDER BY seq";

const shortKeyOf = (dedupeKey: string): number => Number.parseInt(dedupeKey.slice(0, SHORT_KEY_DIGITS), 16);

export interface SeqRange {
  readonly firstSeq: number;
  readonly lastSeq: number;
}

/**
 * Finds an event by its dedupe key without an index in the database, which would cost one more written row per event. The keys of an inbox are
 * in memory, 8 bytes each. Every 32nd event stores the short keys of itself and the 31 events before it, so that an object that wakes reads
 * one row for 32 events.
 */
export interface EventKeys {
  /**
   * Returns the `seq` of the event with this key, or with a key that begins with it. `range` is used when no key was read since the object
   * woke; undefined means that there is no event.
   */
  find(dedupeKey: string, range: SeqRange | undefined): number | undefined;
  /** Returns the column `keys` of the next event, which has this `seq`. Call it after `find`. */
  columnOf(seq: number, dedupeKey: string): Uint8Array | null;
  /** Adds the key of an event that was stored. */
  add(seq: number, dedupeKey: string): void;
  /** Drops what is in memory. The object calls it after its storage was emptied. */
  forget(): void;
}

export function createEventKeys(sql: SqlStorage): EventKeys {
  let keys: Float64Array | undefined;
  let count = 0;
  /** `seq` of the first key. */
  let baseSeq = 1;

  function put(seq: number, key: number): void {
    keys ??= new Float64Array(FIRST_CAPACITY);
    if (count === 0) baseSeq = seq;
    const index = seq - baseSeq;
    if (index >= keys.length) {
      const larger = new Float64Array(2 ** Math.ceil(Math.log2(index + 1)));
      larger.set(keys);
      keys = larger;
    }
    keys[index] = key;
    count = index + 1;
  }

  function load({ firstSeq, lastSeq }: SeqRange): void {
    keys = new Float64Array(Math.max(FIRST_CAPACITY, lastSeq - firstSeq + 1));
    count = 0;
    const full: number[] = [];
    const firstFull = Math.ceil(firstSeq / KEYS_PER_ROW) * KEYS_PER_ROW;
    for (let seq = firstFull; seq <= lastSeq; seq += KEYS_PER_ROW) full.push(seq);
    if (full.length > 0)
      for (const row of sql.exec<{ seq: number; keys: ArrayBuffer }>(FULL_ROWS, JSON.stringify(full))) {
        const before = row.seq - KEYS_PER_ROW + 1;
        // The oldest events of the first row may be deleted.
        for (const [index, key] of new Float64Array(row.keys).entries())
          if (before + index >= firstSeq) put(before + index, key);
      }
    for (const row of sql.exec<{ seq: number; dedupe_key: string }>(LAST_ROWS, (full.at(-1) ?? firstSeq - 1) + 1))
      put(row.seq, shortKeyOf(row.dedupe_key));
  }

  function isKeyOf(seq: number, dedupeKey: string): boolean {
    const row = sql.exec<{ dedupe_key: string }>("SELECT dedupe_key FROM event WHERE seq = ?", seq).toArray()[0];
    return row?.dedupe_key.startsWith(dedupeKey) ?? false;
  }

  return {
    find(dedupeKey, range) {
      if (range === undefined) return undefined;
      if (keys === undefined) load(range);
      const key = shortKeyOf(dedupeKey);
      const known = keys!.subarray(0, count);
      for (
        let index = known.lastIndexOf(key);
        index !== -1;
        index = index === 0 ? -1 : known.lastIndexOf(key, index - 1)
      )
        if (isKeyOf(baseSeq + index, dedupeKey)) return baseSeq + index;
      return undefined;
    },
    columnOf(seq, dedupeKey) {
      if (seq % KEYS_PER_ROW !== 0) return null;
      const column = new Float64Array(KEYS_PER_ROW);
      const first = Math.max(0, count - KEYS_PER_ROW + 1);
      const before = keys?.subarray(first, count) ?? [];
      column.set(before, KEYS_PER_ROW - 1 - before.length);
      column[KEYS_PER_ROW - 1] = shortKeyOf(dedupeKey);
      return new Uint8Array(column.buffer);
    },
    add: (seq, dedupeKey) => put(seq, shortKeyOf(dedupeKey)),
    forget() {
      keys = undefined;
      count = 0;
    },
  };
}
