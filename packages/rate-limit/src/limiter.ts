import { Budget, type Permit } from "./budget.ts";
import { demandNumber, refuseOption, UNBOUNDED } from "./check-config.ts";
import { type Usage, usageOf } from "./machine/usage.ts";
import { type BudgetKey, type RateLimiterOptions, resolveOptions } from "./options.ts";
import { PRIORITIES, type Priority } from "./priority.ts";

/** What a caller asks a limiter for, once per request it sends. */
export interface AcquireRequest {
  /** Whose budget. Calls without share one. */
  readonly resource?: BudgetKey["resource"];
  /** The app whose calls these are, for a process that serves several. Default: "". */
  readonly app?: string | undefined;
  /** Callers with different keys take turns where calls wait: a tenant, an API key, a job. Default: "". */
  readonly key?: string | undefined;
  /** Default: `normal`. */
  readonly priority?: Priority | undefined;
  /** Longest wait, in ms. A call whose turn would come later is refused at once. Default: the limiter's `maxWaitMs`. */
  readonly maxWaitMs?: number | undefined;
  /** HighLevel refused this call after its turn: it goes before those of its key and priority that have had none. */
  readonly retry?: boolean | undefined;
  /** Aborted: the call waits no longer, and `acquire` rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Paces calls to HighLevel in this process, each resource on its own. */
export interface InProcessRateLimiter {
  /**
   * Waits until a request may be sent.
   * @throws PermitDeadlineError, QueueFullError, DailyLimitError (each with `retryAfterMs`), or the signal's reason
   */
  acquire(request?: AcquireRequest): Promise<Permit>;
  /** What is used of a budget; `undefined`: nothing is remembered of it. */
  inspect(key?: Pick<AcquireRequest, "app" | "resource">): Usage | undefined;
  /** Budgets remembered. */
  readonly size: number;
}

interface Entry {
  readonly budget: Budget;
  usedAtMs: number;
}

const nameOf = ({ app, resource }: BudgetKey): string => JSON.stringify([app, resource?.kind, resource?.id]);

/**
 * A limiter for one process. Several processes that call for the same resource each see the others as foreign use and give way,
 * but only after the fact, with refusals on both sides: let them call through one gateway, or give them limits that add up to
 * HighLevel's.
 * @throws RateLimitConfigurationError
 */
export function createRateLimiter(options: RateLimiterOptions = {}): InProcessRateLimiter {
  const resolved = resolveOptions(options);
  /** In order of last use. */
  const entries = new Map<string, Entry>();

  function dropIdle(nowMs: number): void {
    for (const [name, { budget, usedAtMs }] of entries) {
      if (nowMs - usedAtMs < resolved.idleMs) return;
      // someone still waits or calls: looked at again when its turn in the order comes
      entries.delete(name);
      if (!budget.isIdle(nowMs)) entries.set(name, { budget, usedAtMs: nowMs });
    }
  }

  function budgetOf(key: BudgetKey): Budget {
    const nowMs = resolved.now();
    const name = nameOf(key);
    const entry = entries.get(name) ?? { budget: new Budget(resolved.configOf(key), resolved), usedAtMs: nowMs };
    entry.usedAtMs = nowMs;
    entries.delete(name);
    entries.set(name, entry);
    dropIdle(nowMs);
    return entry.budget;
  }

  return {
    async acquire(request = {}) {
      const { app = "", resource, key = "", priority = "normal", maxWaitMs = resolved.maxWaitMs } = request;
      const { retry, signal } = request;
      if (!PRIORITIES.includes(priority)) refuseOption("priority", `one of ${PRIORITIES.join(", ")}`, priority);
      // below 0: a deadline that has passed, of a call that may still start at once
      if (maxWaitMs !== null) demandNumber("maxWaitMs", maxWaitMs, { max: UNBOUNDED });
      const limitMs = maxWaitMs === Number.POSITIVE_INFINITY ? null : maxWaitMs;
      return budgetOf({ app, resource }).acquire({ key, priority, maxWaitMs: limitMs, retry, signal });
    },
    inspect({ app = "", resource } = {}) {
      const entry = entries.get(nameOf({ app, resource }));
      return entry && usageOf(entry.budget.state, resolved.now());
    },
    get size() {
      return entries.size;
    },
  };
}
