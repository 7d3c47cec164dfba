import type { DropReason, QuarantineReason } from "../../domain/events/inbox-event.ts";

/** Counts the events of an app that were quarantined or dropped on a day (UTC), by reason. */
export interface UndeliveredEvents {
  /** Counts one more event. @returns how many of the day have this reason, this one included */
  add(app: string, reason: QuarantineReason | DropReason, nowMs: number): Promise<number>;
}

const DAY_MS = 86_400_000;
/** Inboxes keep quarantined events for the same time. */
const RETENTION_DAYS = 30;

const ADD = `INSERT INTO undelivered_event (app, day, reason, count) VALUES (?1, ?2, ?3, 1)
ON CONFLICT (app, day, reason) DO UPDATE SET count = count + 1 RETURNING count`;

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

export function createUndeliveredEvents(db: D1Database): UndeliveredEvents {
  return {
    async add(app, reason, nowMs) {
      const [added] = await db.batch<{ count: number }>([
        db.prepare(ADD).bind(app, dayOf(nowMs), reason),
        db
          .prepare("DELETE FROM undelivered_event WHERE app = ? AND day < ?")
          .bind(app, dayOf(nowMs - RETENTION_DAYS * DAY_MS)),
      ]);
      return added?.results[0]?.count ?? 0;
    },
  };
}
