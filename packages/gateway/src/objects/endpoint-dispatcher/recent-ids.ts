/** Newest blocks whose ids are known. They are read when an object wakes. */
export const BLOCKS_REMEMBERED = 1_000;
/** Ids of one generation in memory, some 10 MB. Two generations are known. */
const IDS_PER_GENERATION = 100_000;
/** Hexadecimal digits of a short id: 52 bits, which a JavaScript number holds exactly. */
const SHORT_ID_DIGITS = 13;

const shortIdOf = (id: string): number => Number.parseInt(id.replace(/^evt_/, "").slice(0, SHORT_ID_DIGITS), 16);

/**
 * Ids of deliveries that succeeded lately, so that the same delivery is not sent twice when its inbox hands it over again. This happens
 * when the inbox died before it stored that the delivery was taken over, so only the newest ids matter.
 */
export interface RecentIds {
  /** False: the delivery is in none of the newest blocks. True: it is, or its id begins like that of one which is. */
  mayHave(id: string): boolean;
  add(ids: readonly string[]): void;
  /** Returns the column `keys` of a block with these ids. */
  keysOf(ids: readonly string[]): Uint8Array;
  forget(): void;
}

export function createRecentIds(sql: SqlStorage): RecentIds {
  let newer: Set<number> | undefined;
  let older = new Set<number>();

  function load(): Set<number> {
    const ids = new Set<number>();
    const select = `SELECT keys FROM delivered_block ORDER BY block DESC LIMIT ${BLOCKS_REMEMBERED}`;
    for (const { keys } of sql.exec<{ keys: ArrayBuffer }>(select))
      for (const key of new Float64Array(keys)) ids.add(key);
    return ids;
  }

  return {
    mayHave(id) {
      newer ??= load();
      const key = shortIdOf(id);
      return newer.has(key) || older.has(key);
    },
    add(ids) {
      newer ??= load();
      for (const id of ids) newer.add(shortIdOf(id));
      if (newer.size < IDS_PER_GENERATION) return;
      older = newer;
      newer = new Set();
    },
    keysOf: (ids) => new Uint8Array(Float64Array.from(ids, shortIdOf).buffer),
    forget() {
      newer = undefined;
      older = new Set();
    },
  };
}
