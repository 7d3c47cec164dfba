/** Where periodic jobs go on, so that one run does a bounded part of a long walk. */
export interface JobCursors {
  /** The walk begins at the start where this is undefined. */
  read(job: string): Promise<string | undefined>;
  /** The walk has ended where this is undefined, and the next one begins. */
  write(job: string, cursor: string | undefined): Promise<void>;
}

const WRITE = `INSERT INTO job_cursor (job, cursor) VALUES (?1, ?2)
ON CONFLICT (job) DO UPDATE SET cursor = ?2 WHERE cursor <> ?2`;

export function createJobCursors(db: D1Database): JobCursors {
  return {
    async read(job) {
      const row = await db.prepare("SELECT cursor FROM job_cursor WHERE job = ?").bind(job).first<{ cursor: string }>();
      return row?.cursor;
    },
    async write(job, cursor) {
      const statement =
        cursor === undefined
          ? db.prepare("DELETE FROM job_cursor WHERE job = ?").bind(job)
          : db.prepare(WRITE).bind(job, cursor);
      await statement.run();
    },
  };
}
