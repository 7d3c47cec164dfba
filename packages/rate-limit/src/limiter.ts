import { demandNumber, refuseOption, UNBOUNDED } from "./check-config.ts";
import type { Usage } from "./machine/usage.ts";
import { type BudgetKey, type RateLimiterOptions, resolveOptions } from "./options.ts";
import { createPermit, type Permit, refusalError } from "./permit.ts";
import { createPermitHost, type PermitHost } from "./permit-host.ts";
import { PRIORITIES, type Priority } from "./priority.ts";

/** One request for a permit. */
export interface AcquireRequest {
  /** Resource whose budget is used. Calls without one share a budget. */
  readonly resource?: BudgetKey["resource"];
  /** App that makes the call, in a process that serves several. Default: `""`. */
  readonly app?: string | undefined;
  /** Waiting callers with different keys alternate: a tenant, an API key, a job. Default: `""`. */
  readonly key?: string | undefined;
  /** Default: `normal`. */
  readonly priority?: Priority | undefined;
  /** Longest wait in ms. A call that would start later is refused at once. Default: the limiter's `maxWaitMs`. */
  readonly maxWaitMs?: number | undefined;
  /** HighLevel refused this call before. It goes before first attempts of its key and priority. Default: false. */
  readonly retry?: boolean | undefined;
  /** An abort ends the wait, and `acquire` rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Paces the calls of this process to HighLevel, each resource on its own. */
export interface InProcessRateLimiter {
  /**
   * Waits until a request may be sent.
   *
   * @param request - Whose budget, and how to wait
   * @returns The permit. Release or discard it once.
   * @throws {PermitDeadlineError} when the burst limit leaves no room before the deadline (`ERR_GHL_RATE_LIMIT_DEADLINE`).
   * @throws {QueueFullError} when `maxQueue` calls wait already (`ERR_GHL_RATE_LIMIT_QUEUE_FULL`).
   * @throws {DailyLimitError} when the daily limit is used up for this priority (`ERR_GHL_RATE_LIMIT_DAILY`).
   * @throws {RateLimitConfigurationError} when a member is invalid (`ERR_GHL_RATE_LIMIT_CONFIGURATION`).
   */
  acquire(request?: AcquireRequest): Promise<Permit>;
  /**
   * Reads the use of a budget.
   *
   * @param key - Whose budget
   * @returns What is used and open. `undefined`: the budget was never used, or is forgotten.
   */
  inspect(key?: Pick<AcquireRequest, "app" | "resource">): Usage | undefined;
  /** Number of budgets in memory. */
  readonly size: number;
}

interface Entry {
  readonly host: PermitHost;
  usedAtMs: number;
}

const nameOf = ({ app, resource }: BudgetKey): string => JSON.stringify([app, resource?.kind, resource?.id]);

/**
 * Creates a limiter for one process. Several processes on the same resource see each other as external usage. They give way, but only after
 * refusals on both sides. Let them call through one gateway, or give them limits that add up to HighLevel's.
 *
 * @param options - Limits and defaults
 * @returns The limiter
 * @throws {RateLimitConfigurationError} when an option is invalid (`ERR_GHL_RATE_LIMIT_CONFIGURATION`).
 * @example
 * ```ts
 * import { createRateLimiter } from "@ghl-edge/rate-limit";
 *
 * const limiter = createRateLimiter({ limits: "standard" });
 * const permit = await limiter.acquire({ resource: { kind: "location", id: "ve9EPM428h8vShlRW1KT" } });
 * try {
 *   permit.release(await fetch("https://services.leadconnectorhq.com/contacts/"));
 * } catch (error) {
 *   permit.release(); // no answer: HighLevel may have counted the call
 *   throw error;
 * }
 * ```
 */
export function createRateLimiter(options: RateLimiterOptions = {}): InProcessRateLimiter {
  const resolved = resolveOptions(options);
  const { now, setTimer } = resolved;
  /** Sorted by last use. */
  const entries = new Map<string, Entry>();

  function dropIdle(nowMs: number): void {
    for (const [name, { host, usedAtMs }] of entries) {
      if (nowMs - usedAtMs < resolved.idleMs) return;
      entries.delete(name);
      // A budget with waiting calls or calls in flight stays, and is checked again later.
      if (!host.isIdle) entries.set(name, { host, usedAtMs: nowMs });
    }
  }

  function hostOf(key: BudgetKey): PermitHost {
    const nowMs = now();
    const name = nameOf(key);
    const host = entries.get(name)?.host ?? createPermitHost({ config: resolved.configOf(key), now, setTimer });
    entries.delete(name);
    entries.set(name, { host, usedAtMs: nowMs });
    dropIdle(nowMs);
    return host;
  }

  return {
    async acquire(request = {}) {
      const { app = "", resource, key = "", priority = "normal", maxWaitMs = resolved.maxWaitMs } = request;
      const { retry, signal } = request;
      if (!PRIORITIES.includes(priority)) refuseOption("priority", `one of ${PRIORITIES.join(", ")}`, priority);
      // A value below 0 is a deadline that has passed. Such a call may still start at once.
      if (maxWaitMs !== null) demandNumber("maxWaitMs", maxWaitMs, { max: UNBOUNDED });
      const limitMs = maxWaitMs === Number.POSITIVE_INFINITY ? null : maxWaitMs;
      const host = hostOf({ app, resource });
      const result = await host.request({ key, priority, maxWaitMs: limitMs, retry, signal });
      if ("reason" in result) throw refusalError(result);
      return createPermit(host, result, now);
    },
    inspect: ({ app = "", resource } = {}) => entries.get(nameOf({ app, resource }))?.host.usage(),
    get size() {
      return entries.size;
    },
  };
}
