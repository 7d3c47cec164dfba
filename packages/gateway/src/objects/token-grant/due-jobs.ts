import { type AlarmJob, ReliableAlarm, type RetryAtMs } from "../reliable-alarm.ts";

/** An alarm that could not do what was due, or that is due already when it ends, comes again after this time. */
const RETRY_MS = 8_000;

/** Something that an alarm does at a time. */
export interface DueJob extends AlarmJob {
  /** When it is due, in ms since the epoch. "soon": some seconds from now. Undefined: it is not due. */
  readonly dueAtMs: () => number | "soon" | undefined;
  /** Runs again after a failure although nothing is due. */
  readonly isRetried?: boolean;
}

/** Sets an object's alarm for the job that is due first, and runs the jobs. */
export class DueJobs {
  readonly #storage: DurableObjectStorage;
  readonly #jobs: readonly DueJob[];
  readonly #alarm: ReliableAlarm;

  constructor(storage: DurableObjectStorage, jobs: readonly DueJob[], app: () => string | undefined) {
    this.#storage = storage;
    this.#jobs = jobs;
    this.#alarm = new ReliableAlarm({ storage, what: "grant", app, firstPauseMs: RETRY_MS });
  }

  run(): Promise<void> {
    return this.#alarm.run(this.#jobs, (retryAtMs) => this.schedule(retryAtMs));
  }

  /**
   * Sets the alarm, in the synchronous block of what made a job due.
   *
   * @param retryAtMs - Given in an alarm: a job that has failed runs after its pause.
   */
  schedule(retryAtMs?: RetryAtMs): Promise<void> {
    const nowMs = Date.now();
    const atMs = Math.min(...this.#jobs.map((job) => this.#dueAtMs(job, nowMs, retryAtMs)));
    if (atMs === Number.POSITIVE_INFINITY) return this.#storage.deleteAlarm();
    const overdueAtMs = retryAtMs === undefined ? nowMs : nowMs + RETRY_MS;
    return this.#storage.setAlarm(atMs <= nowMs ? overdueAtMs : atMs);
  }

  #dueAtMs({ name, dueAtMs, isRetried }: DueJob, nowMs: number, retryAtMs: RetryAtMs | undefined): number {
    const dueAt = dueAtMs();
    if (dueAt === undefined && isRetried !== true) return Number.POSITIVE_INFINITY;
    return retryAtMs?.(name) ?? (dueAt === "soon" ? nowMs + RETRY_MS : (dueAt ?? Number.POSITIVE_INFINITY));
  }
}
