import { DEFAULT_RETENTION_MS } from "../../platform/config.ts";
import type { DeliveredLog } from "./delivered-log.ts";

/** Pause between two runs that find nothing more to delete. */
const LOOK_EVERY_MS = 3_600_000;
/** Rows that are looked at together. An hour without old rows reads this many, whatever the size of the table. */
const ROWS_PER_WINDOW = 200;
/** Bounds one run, so that it does not delay deliveries. */
const WINDOWS_PER_RUN = 5;
/** Pause before the next run when one was not enough. */
const CONTINUE_AFTER_MS = 10_000;
/** Pause between two walks from the start. They find old rows that were still due in the walk before and have ended since. */
const RESTART_EVERY_MS = 86_400_000;
const PROGRESS = "retention";

interface Progress {
  /** Ended rows up to this `seq` are deleted. */
  readonly afterSeq: number;
  readonly nextAtMs: number;
  readonly restartAtMs: number;
}

/** Deletes deliveries that ended long ago: oldest first by key, a bounded number of rows per run, and at most hourly. */
export interface DeliveryRetention {
  run(nowMs: number): void;
  /** Returns the time of the next run. */
  nextAtMs(nowMs: number): number;
}

/** Reads the next rows by `seq`. The newest row of all stays, so that SQLite does not assign its `seq` again. */
const WINDOW = `SELECT count(*) AS count, max(seq) AS last, max(created_at_ms) AS youngest
  FROM (SELECT seq, created_at_ms FROM delivery WHERE seq > ?1 ORDER BY seq LIMIT ${ROWS_PER_WINDOW})`;
const DELETE_ENDED = `DELETE FROM delivery WHERE seq > ?1 AND seq <= ?2 AND state <> 'due' AND created_at_ms < ?3
  AND seq < (SELECT max(seq) FROM delivery)`;

/** Calls `retentionMs` at each run, so that a changed configuration takes effect. */
export function createDeliveryRetention(
  {
    sql,
    kv,
    delivered,
  }: Pick<DurableObjectStorage, "sql" | "kv"> & { readonly delivered: Pick<DeliveredLog, "deleteBefore"> },
  retentionMs: () => number = () => DEFAULT_RETENTION_MS,
): DeliveryRetention {
  /** Time of the next run in this activation of the object; 0 before the first one. */
  let nextAtMs = 0;

  function runFrom(progress: Progress, nowMs: number): Progress {
    const beforeMs = nowMs - retentionMs();
    const isRestart = nowMs >= progress.restartAtMs;
    const afterSeq = isRestart ? 0 : progress.afterSeq;
    const restartAtMs = isRestart ? nowMs + RESTART_EVERY_MS : progress.restartAtMs;
    const { count, last, youngest } = sql
      .exec<{ count: number; last: number | null; youngest: number | null }>(WINDOW, afterSeq)
      .one();
    if (last === null || youngest === null) return { afterSeq, restartAtMs, nextAtMs: nowMs + LOOK_EVERY_MS };
    sql.exec(DELETE_ENDED, afterSeq, last, beforeMs);
    const isAllOld = count === ROWS_PER_WINDOW && youngest < beforeMs;
    // A window with young rows is read again. Its old rows are gone by then.
    return {
      afterSeq: isAllOld ? last : afterSeq,
      restartAtMs,
      nextAtMs: nowMs + (isAllOld ? CONTINUE_AFTER_MS : LOOK_EVERY_MS),
    };
  }

  return {
    run(nowMs) {
      if (nowMs < nextAtMs) return;
      if (delivered.deleteBefore(nowMs - retentionMs())) {
        nextAtMs = nowMs + CONTINUE_AFTER_MS;
        return;
      }
      const oldest = "SELECT created_at_ms FROM delivery ORDER BY seq LIMIT 1";
      const oldestMs = sql.exec<{ created_at_ms: number }>(oldest).toArray()[0]?.created_at_ms;
      if (oldestMs === undefined || oldestMs >= nowMs - retentionMs()) {
        nextAtMs = Math.max(nowMs + LOOK_EVERY_MS, (oldestMs ?? 0) + retentionMs());
        return;
      }
      const before = kv.get<Progress>(PROGRESS) ?? { afterSeq: 0, nextAtMs: 0, restartAtMs: 0 };
      if (nowMs < before.nextAtMs) {
        nextAtMs = before.nextAtMs;
        return;
      }
      let progress = runFrom(before, nowMs);
      for (let windows = 1; windows < WINDOWS_PER_RUN && progress.nextAtMs === nowMs + CONTINUE_AFTER_MS; windows++)
        progress = runFrom(progress, nowMs);
      kv.put<Progress>(PROGRESS, progress);
      nextAtMs = progress.nextAtMs;
    },
    nextAtMs: (nowMs) => Math.max(nextAtMs, nowMs + CONTINUE_AFTER_MS),
  };
}
