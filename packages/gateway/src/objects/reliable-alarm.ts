import { sleepByTimer } from "@ghl-edge/core";
import { logEvent } from "../platform/log.ts";

const FIRST_PAUSE_MS = 1_000;
/** Doubling pauses recover at the latest after as much time as the outage took, up to this. */
const LONGEST_PAUSE_MS = 3_600_000;
/** Objects that fail together must not come back together. */
const JITTER = 0.2;
/** The platform may run an alarm later than at its time. */
const LATE_MS = 60_000;
/** Limits how long a run waits for a storage that does not accept an alarm. An alarm may run for 15 minutes (Durable Objects limits, read 2026-11-30). */
const LONGEST_WAIT_MS = 600_000;
/** Key of the object's storage that outlives the object's memory. */
const FAILURES = "alarm_failures";

/** One of the things that an alarm does. */
export interface AlarmJob {
  /** Named in the log. */
  readonly name: string;
  /** Returns false, or throws, when it is not complete. It runs again after a pause then. */
  readonly run: () => unknown;
}

/** Returns when to retry a job that failed in this run, in ms since the epoch; undefined for a job that did not fail. */
export type RetryAtMs = (jobName: string) => number | undefined;

export interface ReliableAlarmOptions {
  readonly storage: Pick<DurableObjectStorage, "kv" | "setAlarm">;
  /** Name of the object in the log. */
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

/**
 * Runs the jobs of an alarm so that the alarm itself never fails. The platform retries a failed alarm six times and then drops it together
 * with its work ("Alarms" of Durable Objects, read 2026-11-30). Here a job that fails neither stops the others nor ends the alarm. It runs
 * again after a pause that doubles, also across restarts of the object.
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

  /** Counts a failed run and returns when to try again. */
  #noteFailure(): number {
    const { storage, firstPauseMs = FIRST_PAUSE_MS, longestPauseMs = LONGEST_PAUSE_MS } = this.#options;
    const { random = Math.random } = this.#options;
    const pauseMs = (count: number): number => Math.min(longestPauseMs, firstPauseMs * 2 ** count);
    const nowMs = Date.now();
    try {
      this.#failures ??= storage.kv.get<Failures>(FAILURES);
    } catch {
      // The count in memory has to suffice.
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
      // The count in memory has to suffice here, too.
    }
    return retryAtMs;
  }

  /** Sets the alarm and waits for a storage that does not accept it. After that only the platform's own retries are left. */
  async #setAlarm(atMs: number): Promise<void> {
    const { storage, sleep = sleepByTimer, firstPauseMs = FIRST_PAUSE_MS } = this.#options;
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
