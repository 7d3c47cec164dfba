import { logEvent } from "../platform/log.ts";

const FIRST_PAUSE_MS = 1_000;
/** Doubling pauses recover at the latest after as much time as the outage took, up to this. */
const LONGEST_PAUSE_MS = 3_600_000;
/** Objects that fail together must not come back together. */
const JITTER = 0.2;
/** The platform may ring an alarm later than at its time. */
const LATE_MS = 60_000;
/** An alarm may run for 15 minutes (Durable Objects limits, read 2026-11-30): how long it waits for a storage that takes no alarm. */
const LONGEST_WAIT_MS = 600_000;
/** Key of the object's storage that outlives the object's memory. */
const FAILURES = "alarm_failures";

/** One of the things that an alarm does. */
export interface AlarmJob {
  /** Named in the log. */
  readonly name: string;
  /** False, or an error: it is not complete, and runs again after a pause. */
  readonly run: () => unknown;
}

/** When to try a job again that has failed in this run, in milliseconds since the epoch; undefined: it has not failed. */
export type RetryAtMs = (jobName: string) => number | undefined;

export interface ReliableAlarmOptions {
  readonly storage: Pick<DurableObjectStorage, "kv" | "setAlarm">;
  /** What the log calls the object. */
  readonly what: string;
  readonly app: () => string | undefined;
  readonly firstPauseMs?: number;
  readonly longestPauseMs?: number;
  readonly random?: () => number;
  readonly sleep?: (ms: number) => Promise<void>;
}

interface Failures {
  readonly count: number;
  readonly retryAtMs: number;
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : "unknown");
const sleepFor = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Runs the jobs of an alarm so that the alarm itself never fails. The platform retries a failed alarm six times and then
 * drops it, and what it had to do is lost ("Alarms" of Durable Objects, read 2026-11-30). Here a job that fails neither stops
 * the others nor ends the alarm: it runs again after a pause that doubles, also across restarts of the object.
 */
export class ReliableAlarm {
  readonly #options: ReliableAlarmOptions;
  #failures: Failures | undefined;

  constructor(options: ReliableAlarmOptions) {
    this.#options = options;
  }

  /**
   * @param schedule - Called after the jobs; sets the next alarm. A job that has failed must not be scheduled sooner than
   * its `retryAtMs`, or it would run in a loop.
   */
  async run(jobs: readonly AlarmJob[], schedule: (retryAtMs: RetryAtMs) => unknown): Promise<void> {
    const failed = new Set<string>();
    for (const { name, run } of jobs)
      try {
        if ((await run()) === false) failed.add(name);
      } catch (error) {
        failed.add(name);
        this.#log(name, error);
      }
    if (failed.size === 0) this.#failures = undefined;
    const retryAtMs = failed.size === 0 ? undefined : this.#noteFailure();
    try {
      await schedule((name) => (failed.has(name) ? retryAtMs : undefined));
    } catch (error) {
      this.#log("schedule", error);
      await this.#setAlarm(retryAtMs ?? this.#noteFailure());
    }
  }

  /** Counts a run that has failed, and says when to try again. */
  #noteFailure(): number {
    const { storage, firstPauseMs = FIRST_PAUSE_MS, longestPauseMs = LONGEST_PAUSE_MS } = this.#options;
    const { random = Math.random } = this.#options;
    const pauseMs = (count: number): number => Math.min(longestPauseMs, firstPauseMs * 2 ** count);
    const nowMs = Date.now();
    try {
      this.#failures ??= storage.kv.get<Failures>(FAILURES);
    } catch {
      // What is in memory has to do.
    }
    const before = this.#failures;
    // A count that no run has continued is from an earlier outage.
    const isContinued = before !== undefined && nowMs < before.retryAtMs + pauseMs(before.count) + LATE_MS;
    const count = isContinued ? before.count + 1 : 0;
    const retryAtMs = Math.round(nowMs + pauseMs(count) * (1 - JITTER + 2 * JITTER * random()));
    this.#failures = { count, retryAtMs };
    try {
      storage.kv.put<Failures>(FAILURES, this.#failures);
    } catch {
      // As above.
    }
    return retryAtMs;
  }

  /** Where even this cannot be stored, the platform's own retries are the last that is left. */
  async #setAlarm(atMs: number): Promise<void> {
    const { storage, sleep = sleepFor, firstPauseMs = FIRST_PAUSE_MS } = this.#options;
    let waitedMs = 0;
    for (let pauseMs = firstPauseMs; ; pauseMs *= 2)
      try {
        await storage.setAlarm(atMs);
        return;
      } catch (error) {
        this.#log("set_alarm", error);
        if (waitedMs + pauseMs > LONGEST_WAIT_MS) throw error;
        await sleep(pauseMs);
        waitedMs += pauseMs;
      }
  }

  #log(operation: string, error: unknown): void {
    const { what, app } = this.#options;
    let appName: string | undefined;
    try {
      appName = app();
    } catch {
      // The object's storage cannot be read.
    }
    logEvent(what, { app: appName ?? "", operation, outcome: "failed", errorName: nameOf(error) });
  }
}
