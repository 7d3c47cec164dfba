import type { Resource } from "@ghl-edge/core";
import type { Attempt, DeliveryQuery, DeliveryReport } from "../../domain/contracts/endpoint-dispatcher.ts";
import { createRecentIds } from "./recent-ids.ts";

/**
 * Upper bound for the difference between the key of a block and the `seq` of a delivery in it. A page that starts at a `seq` looks that many
 * keys further for it.
 */
const MAX_SEQ_DISTANCE = 5_000;
/** Blocks that one search may read, so that a search for something rare ends. */
const MAX_BLOCKS_SEARCHED = 500;
/** A block is written at most this long after its deliveries were accepted. */
const MAX_WRITE_DELAY_MS = 60_000;
/** Bounds one run of the retention, so that it does not delay deliveries. */
const BLOCKS_PER_RUN = 250;

/** A delivery that succeeded at its first attempt, before it was stored. */
export interface DirectlyDelivered {
  readonly seq: number;
  readonly id: string;
  readonly type: string;
  readonly resource: Resource | undefined;
  readonly inbox: string | null;
  readonly createdAtMs: number;
  readonly attempt: Attempt;
}

/** A delivery as its block stores it: `seq`, id, type, kind and id of the resource, inbox, and the times and status of the attempt. */
type Packed = readonly [
  seq: number,
  id: string,
  type: string,
  kind: Resource["kind"] | null,
  resourceId: string | null,
  inbox: string | null,
  createdAtMs: number,
  atMs: number,
  durationMs: number,
  status: number | null,
];

export interface DeliveredPage {
  /** Newest first. */
  readonly items: readonly DeliveryReport[];
  /** The page has everything from this `seq` on; undefined when it has everything. */
  readonly nextSeq: number | undefined;
}

/**
 * The deliveries that succeeded at their first attempt, up to a hundred in one row. A row for each would cost as much as all other writes for
 * the event together.
 */
export interface DeliveredLog {
  /** Whether a delivery with this id is in a block that is recent enough to be remembered. */
  has(id: string): boolean;
  /** Whether a block that is written now may hold a delivery with this `seq`. */
  fits(seq: number): boolean;
  /** Writes one block. The caller makes it part of a transaction, and calls `added` once that is committed. */
  append(deliveries: readonly DirectlyDelivered[], nowMs: number): void;
  /** Remembers the ids of deliveries whose block was committed. */
  added(deliveries: readonly DirectlyDelivered[]): void;
  search(query: DeliveryQuery, limit: number): DeliveredPage;
  /** Removes the deliveries of a resource and returns how many there were. */
  erase(resource: Resource): number;
  /** Deletes the oldest blocks that were written before this time. Returns whether more may be left than one call deletes. */
  deleteBefore(atMs: number): boolean;
  forget(): void;
}

interface BlockRow extends Record<string, SqlStorageValue> {
  readonly block: number;
  readonly at_ms: number;
  readonly deliveries: string;
}

const pack = ({ seq, id, type, resource, inbox, createdAtMs, attempt }: DirectlyDelivered): Packed => [
  seq,
  id,
  type,
  resource?.kind ?? null,
  resource?.id ?? null,
  inbox,
  createdAtMs,
  attempt.atMs,
  attempt.durationMs,
  attempt.status,
];

function unpack([
  seq,
  id,
  type,
  kind,
  resourceId,
  inbox,
  createdAtMs,
  atMs,
  durationMs,
  status,
]: Packed): DeliveryReport {
  return {
    seq,
    id,
    type,
    resource: kind === null || resourceId === null ? null : { kind, id: resourceId },
    inbox,
    state: "delivered",
    createdAtMs,
    nextAttemptAtMs: null,
    attempts: [{ atMs, durationMs, status, code: null }],
  };
}

const readBlock = ({ deliveries }: Pick<BlockRow, "deliveries">): Packed[] => JSON.parse(deliveries) as Packed[];

function matcher({ beforeSeq, type, resource, ids, fromMs, toMs }: DeliveryQuery): (one: Packed) => boolean {
  const idSet = ids === undefined ? undefined : new Set(ids);
  return ([seq, id, ofType, kind, resourceId, , createdAtMs]) =>
    (beforeSeq === undefined || seq < beforeSeq) &&
    (type === undefined || ofType === type) &&
    (resource === undefined || (kind === resource.kind && resourceId === resource.id)) &&
    (idSet === undefined || idSet.has(id)) &&
    (fromMs === undefined || createdAtMs >= fromMs) &&
    (toMs === undefined || createdAtMs < toMs);
}

/** `nextSeq` assigns the next number of the object. The key of a block is higher than the `seq` of each of its deliveries. */
export function createDeliveredLog(
  sql: SqlStorage,
  { hasTables, nextSeq, lastSeq }: { hasTables(): boolean; nextSeq(): number; lastSeq(): number },
): DeliveredLog {
  const recent = createRecentIds(sql);

  /** Returns the key of the first block that was written after this time, by a binary search along the primary key. */
  function firstBlockAfter(atMs: number): number {
    const next = "SELECT block, at_ms FROM delivered_block WHERE block >= ? ORDER BY block LIMIT 1";
    let low = 0;
    let high = lastSeq() + 1;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const row = sql.exec<{ block: number; at_ms: number }>(next, middle).toArray()[0];
      if (row === undefined || row.block >= high || row.at_ms > atMs) high = middle;
      else low = row.block + 1;
    }
    return low;
  }

  /** Reads the newest blocks first, until one has the delivery. It is called for a delivery that comes again. */
  function isInBlock(id: string): boolean {
    const select = "SELECT block, at_ms, deliveries FROM delivered_block ORDER BY block DESC";
    for (const row of sql.exec<BlockRow>(select)) if (readBlock(row).some(([, other]) => other === id)) return true;
    return false;
  }

  function firstBlockOf({ beforeSeq, toMs }: DeliveryQuery): number {
    const bySeq = beforeSeq === undefined ? Number.MAX_SAFE_INTEGER : beforeSeq + MAX_SEQ_DISTANCE;
    return toMs === undefined ? bySeq : Math.min(bySeq, firstBlockAfter(toMs + MAX_WRITE_DELAY_MS) + 1);
  }

  return {
    has: (id) => hasTables() && recent.mayHave(id) && isInBlock(id),
    fits: (seq) => lastSeq() + 1 - seq <= MAX_SEQ_DISTANCE,
    append(deliveries, nowMs) {
      // The endpoint was removed while these were in flight.
      if (!hasTables()) return;
      const insert = "INSERT INTO delivered_block (block, at_ms, is_summary, keys, deliveries) VALUES (?, ?, ?, ?, ?)";
      const { keys, isSummary } = recent.keysOf(deliveries.map(({ id }) => id));
      sql.exec(insert, nextSeq(), nowMs, isSummary, keys, JSON.stringify(deliveries.map(pack)));
    },
    added: (deliveries) => recent.add(deliveries.map(({ id }) => id)),
    search(query, limit) {
      if (!hasTables() || (query.state !== undefined && query.state !== "delivered"))
        return { items: [], nextSeq: undefined };
      const matches = matcher(query);
      const select = "SELECT block, at_ms, deliveries FROM delivered_block WHERE block < ? ORDER BY block DESC";
      const items: DeliveryReport[] = [];
      let searched = 0;
      for (const row of sql.exec<BlockRow>(select, firstBlockOf(query))) {
        // All deliveries of this block and of those before it were accepted before it was written.
        if (query.fromMs !== undefined && row.at_ms < query.fromMs) break;
        const isFull = items.length >= limit || searched === MAX_BLOCKS_SEARCHED;
        if (isFull) return { items: newestFirst(items), nextSeq: Math.min(row.block, query.beforeSeq ?? row.block) };
        items.push(...readBlock(row).filter(matches).map(unpack));
        searched++;
      }
      return { items: newestFirst(items), nextSeq: undefined };
    },
    erase(resource) {
      if (!hasTables()) return 0;
      const isOther = ([, , , kind, id]: Packed): boolean => kind !== resource.kind || id !== resource.id;
      const select = "SELECT block, at_ms, deliveries FROM delivered_block WHERE instr(deliveries, ?) > 0";
      let erased = 0;
      for (const row of sql.exec<BlockRow>(select, JSON.stringify(resource.id)).toArray()) {
        const before = readBlock(row);
        const left = before.filter(isOther);
        erased += before.length - left.length;
        sql.exec("UPDATE delivered_block SET deliveries = ?2 WHERE block = ?1", row.block, JSON.stringify(left));
      }
      return erased;
    },
    deleteBefore(atMs) {
      if (!hasTables()) return false;
      const oldest = `SELECT block FROM delivered_block WHERE block < (SELECT max(block) FROM delivered_block)
        ORDER BY block LIMIT ${BLOCKS_PER_RUN}`;
      const deleted = sql.exec(
        `DELETE FROM delivered_block WHERE at_ms < ? AND block IN (${oldest}) RETURNING block`,
        atMs,
      );
      return deleted.toArray().length === BLOCKS_PER_RUN;
    },
    forget: () => recent.forget(),
  };
}

const newestFirst = (items: DeliveryReport[]): DeliveryReport[] => items.sort((one, other) => other.seq - one.seq);
