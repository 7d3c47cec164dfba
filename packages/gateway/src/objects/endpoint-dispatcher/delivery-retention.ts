/** As long as an inbox keeps the event, for an app that says nothing else. */
export const RETENTION_MS = 30 * 86_400_000;
const LOOK_EVERY_MS = 3_600_000;
/** Bounds one run, so that none holds the object up. */
const ROWS_PER_RUN = 1_000;
/** Where one run was not enough. */
const GO_ON_AFTER_MS = 60_000;
/** Old rows that were still due when they were passed have ended since, some of them. */
const FROM_THE_START_EVERY_MS = 86_400_000;
const PROGRESS = "retention";

interface Progress {
  /** Up to here, what had ended is gone. */
  readonly afterSeq: number;
  readonly nextAtMs: number;
  readonly fromTheStartAtMs: number;
}

/** Drops what has ended long ago: oldest first by key, some rows per run, and at most hourly. */
export interface DeliveryRetention {
  run(nowMs: number): void;
  /** When to run again. */
  nextAtMs(nowMs: number): number;
}

/** Rows from a place on; the newest row of all stays, so that no place is given twice. */
const WINDOW = `SELECT count(*) AS count, max(seq) AS last, max(created_at_ms) AS youngest
  FROM (SELECT seq, created_at_ms FROM delivery WHERE seq > ?1 ORDER BY seq LIMIT ${ROWS_PER_RUN})`;
const DROP = `DELETE FROM delivery WHERE seq > ?1 AND seq <= ?2 AND state <> 'due' AND created_at_ms < ?3
  AND seq < (SELECT max(seq) FROM delivery)`;

/** `retentionMs` is asked at each run: another configuration counts from then on. */
export function createDeliveryRetention(
  storage: Pick<DurableObjectStorage, "sql" | "kv">,
  retentionMs: () => number = () => RETENTION_MS,
): DeliveryRetention {
  const { sql, kv } = storage;
  /** Known in this life of the object; 0: not looked yet. */
  let nextAtMs = 0;

  function runFrom(progress: Progress, nowMs: number): Progress {
    const beforeMs = nowMs - retentionMs();
    const isFromTheStart = nowMs >= progress.fromTheStartAtMs;
    const afterSeq = isFromTheStart ? 0 : progress.afterSeq;
    const fromTheStartAtMs = isFromTheStart ? nowMs + FROM_THE_START_EVERY_MS : progress.fromTheStartAtMs;
    const { count, last, youngest } = sql
      .exec<{ count: number; last: number | null; youngest: number | null }>(WINDOW, afterSeq)
      .one();
    if (last === null || youngest === null) return { afterSeq, fromTheStartAtMs, nextAtMs: nowMs + LOOK_EVERY_MS };
    sql.exec(DROP, afterSeq, last, beforeMs);
    const isAllOld = count === ROWS_PER_RUN && youngest < beforeMs;
    // Where some are young, the window comes again: its old rows are gone by then.
    return {
      afterSeq: isAllOld ? last : afterSeq,
      fromTheStartAtMs,
      nextAtMs: nowMs + (isAllOld ? GO_ON_AFTER_MS : LOOK_EVERY_MS),
    };
  }

  return {
    run(nowMs) {
      if (nowMs < nextAtMs) return;
      const oldest = "SELECT created_at_ms FROM delivery ORDER BY seq LIMIT 1";
      const oldestMs = sql.exec<{ created_at_ms: number }>(oldest).toArray()[0]?.created_at_ms;
      if (oldestMs === undefined || oldestMs >= nowMs - retentionMs()) {
        nextAtMs = Math.max(nowMs + LOOK_EVERY_MS, (oldestMs ?? 0) + retentionMs());
        return;
      }
      const before = kv.get<Progress>(PROGRESS) ?? { afterSeq: 0, nextAtMs: 0, fromTheStartAtMs: 0 };
      if (nowMs < before.nextAtMs) {
        nextAtMs = before.nextAtMs;
        return;
      }
      const progress = runFrom(before, nowMs);
      kv.put<Progress>(PROGRESS, progress);
      nextAtMs = progress.nextAtMs;
    },
    nextAtMs: (nowMs) => Math.max(nextAtMs, nowMs + GO_ON_AFTER_MS),
  };
}
