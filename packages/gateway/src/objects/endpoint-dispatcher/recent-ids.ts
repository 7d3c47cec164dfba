/** After this many blocks, one block has the ids of all of them, so that an object that wakes reads few rows. */
const BLOCKS_PER_SUMMARY = 64;
/** Summaries that are read when an object wakes. */
const SUMMARIES_READ = 1_000;
/** Ids of one generation in memory, some 10 MB. Two generations are known. */
const IDS_PER_GENERATION = 100_000;
/** Hexadecimal digits of a short id: 52 bits, which a JavaScript number holds exactly. */
const SHORT_ID_DIGITS = 13;

/** SQLite walks the whole table unless the query names the index. */
const SUMMARY_BLOCKS =
  "FROM delivered_block INDEXED BY delivered_block_summary WHERE is_summary = 1 ORDER BY block DESC";
const LAST_BLOCKS = `SELECT keys FROM delivered_block
  WHERE block > coalesce((SELECT block ${SUMMARY_BLOCKS} LIMIT 1), 0)`;
const SUMMARIES = `SELECT keys ${SUMMARY_BLOCKS} LIMIT ${SUMMARIES_READ}`;

const shortIdOf = (id: string): number => Number.parseInt(id.replace(/^evt_/, "").slice(0, SHORT_ID_DIGITS), 16);

/** The columns of a block that find its deliveries again. */
export interface BlockKeys {
  readonly keys: Uint8Array;
  /** 1: `keys` also has those of the blocks since the last summary. */
  readonly isSummary: 0 | 1;
}

/**
 * Ids of deliveries that succeeded lately, so that the same delivery is not sent twice when its inbox hands it over again. This happens
 * when the inbox died before it stored that the delivery was taken over, and when HighLevel sends an event again with a time of another day.
 */
export interface RecentIds {
  /** False: the delivery is in none of the newest blocks. True: it is, or its id begins like that of one which is. */
  mayHave(id: string): boolean;
  /** Returns the columns of the next block, which has these ids. */
  keysOf(ids: readonly string[]): BlockKeys;
  /** Adds the ids of a block that was committed. */
  add(ids: readonly string[]): void;
  forget(): void;
}

interface Known {
  newer: Set<number>;
  older: ReadonlySet<number>;
  /** Keys of the blocks since the last summary. */
  unsummarized: number[];
  blocks: number;
}

export function createRecentIds(sql: SqlStorage): RecentIds {
  let known: Known | undefined;

  function load(): Known {
    const newer = new Set<number>();
    const unsummarized: number[] = [];
    let blocks = 0;
    for (const { keys } of sql.exec<{ keys: ArrayBuffer }>(LAST_BLOCKS)) {
      unsummarized.push(...new Float64Array(keys));
      blocks++;
    }
    for (const key of unsummarized) newer.add(key);
    for (const { keys } of sql.exec<{ keys: ArrayBuffer }>(SUMMARIES)) {
      for (const key of new Float64Array(keys)) newer.add(key);
      if (newer.size >= IDS_PER_GENERATION) break;
    }
    return { newer, older: new Set(), unsummarized, blocks };
  }

  function current(): Known {
    known ??= load();
    return known;
  }

  return {
    mayHave(id) {
      const { newer, older } = current();
      const key = shortIdOf(id);
      return newer.has(key) || older.has(key);
    },
    keysOf(ids) {
      const { unsummarized, blocks } = current();
      const own = ids.map(shortIdOf);
      const isSummary = blocks + 1 >= BLOCKS_PER_SUMMARY ? 1 : 0;
      const keys = isSummary === 1 ? [...unsummarized, ...own] : own;
      return { keys: new Uint8Array(Float64Array.from(keys).buffer), isSummary };
    },
    add(ids) {
      const state = current();
      const own = ids.map(shortIdOf);
      for (const key of own) state.newer.add(key);
      state.blocks++;
      state.unsummarized.push(...own);
      if (state.blocks >= BLOCKS_PER_SUMMARY) {
        state.blocks = 0;
        state.unsummarized = [];
      }
      if (state.newer.size < IDS_PER_GENERATION) return;
      state.older = state.newer;
      state.newer = new Set();
    },
    forget() {
      known = undefined;
    },
  };
}
