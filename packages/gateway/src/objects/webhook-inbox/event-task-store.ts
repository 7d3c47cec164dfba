/** One thing that is still to be done for an event. */
export interface EventTask {
  /** `seq` of the event. */
  readonly seq: number;
  /** One of the tasks of `event-jobs.ts`, or the id of the endpoint that receives the event. */
  readonly task: string;
  /** Sends the event although the endpoint has had it. */
  readonly resend: boolean;
  readonly tries: number;
  /** Tries that failed because of the event itself, not because an object or the database was away. */
  readonly failures: number;
}

/** The table `event_task` of an inbox. Every method is synchronous, so a caller can make one transaction of several. */
export interface EventTaskStore {
  due(nowMs: number, limit: number): readonly EventTask[];
  nextDueAtMs(): number | undefined;
  /** Adds a task, or sets the next try of one that is there. */
  schedule(task: EventTask, nextTryAtMs: number): void;
  remove(task: Pick<EventTask, "seq" | "task">): void;
  /** Removes the tasks of events that were deleted. */
  removeOrphans(): void;
  /** Drops what is cached. */
  forget(): void;
}

const DUE = `SELECT event_seq AS seq, task, resend, tries, failures FROM event_task
  WHERE next_try_at_ms <= ? ORDER BY event_seq LIMIT ?`;
const SCHEDULE = `INSERT INTO event_task (event_seq, task, resend, tries, next_try_at_ms, failures) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
  ON CONFLICT (event_seq, task) DO UPDATE SET resend = max(resend, ?3), tries = ?4, next_try_at_ms = ?5, failures = ?6`;

/** `hasTables` says whether the tables of the inbox exist. */
export function createEventTaskStore(sql: SqlStorage, hasTables: () => boolean): EventTaskStore {
  /** Whether there may be a task. False saves the read of an empty table for every event. */
  let mayHaveTasks: boolean | undefined;

  function hasTasks(): boolean {
    if (!hasTables()) return false;
    mayHaveTasks ??= sql.exec("SELECT 1 FROM event_task LIMIT 1").toArray().length > 0;
    return mayHaveTasks;
  }

  return {
    due(nowMs, limit) {
      if (!hasTasks()) return [];
      return sql
        .exec<{ seq: number; task: string; resend: number; tries: number; failures: number }>(DUE, nowMs, limit)
        .toArray()
        .map(({ resend, ...task }) => ({ ...task, resend: resend === 1 }));
    },
    nextDueAtMs() {
      if (!hasTasks()) return undefined;
      const query = "SELECT min(next_try_at_ms) AS at_ms FROM event_task";
      const nextMs = sql.exec<{ at_ms: number | null }>(query).one().at_ms ?? undefined;
      mayHaveTasks = nextMs !== undefined;
      return nextMs;
    },
    schedule({ seq, task, resend, tries, failures }, nextTryAtMs) {
      mayHaveTasks = true;
      sql.exec(SCHEDULE, seq, task, resend ? 1 : 0, tries, nextTryAtMs, failures);
    },
    remove({ seq, task }) {
      sql.exec("DELETE FROM event_task WHERE event_seq = ? AND task = ?", seq, task);
    },
    removeOrphans() {
      sql.exec("DELETE FROM event_task WHERE event_seq < (SELECT min(seq) FROM event)");
    },
    forget() {
      mayHaveTasks = undefined;
    },
  };
}
