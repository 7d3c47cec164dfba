import { clockOf, optionNumber } from "../option-checks.ts";
import { DEFAULT_DEDUPE_RETENTION_MS } from "../verify/verifier-options.ts";

/**
 * Store of the events that a handler has seen.
 *
 * `begin` must be atomic: of any number of callers with one key, exactly one may get `new` until `failed` is called. A key that was
 * begun and never ended must expire after some minutes. Otherwise a crash during an event loses the event. Store finished keys for
 * longer than `toleranceMs`. Otherwise a replay inside the window runs again.
 */
export interface DedupeStore {
  /**
   * Claims the event.
   *
   * @param key - Key of the event
   * @returns `new`: handle it. `running`: another call is handling it. `done`: it was handled
   */
  begin(key: string): Promise<DedupeState> | DedupeState;
  /**
   * Records that the event was handled.
   *
   * @param key - Key of the event
   */
  done(key: string): Promise<void> | void;
  /**
   * Records that handling failed. The next `begin` must return `new`.
   *
   * @param key - Key of the event
   */
  failed(key: string): Promise<void> | void;
}

/** State of an event before this delivery; see `DedupeStore.begin`. */
export type DedupeState = "new" | "running" | "done";

/** Options of `memoryDedupe`. */
export interface MemoryDedupeOptions {
  /**
   * Largest number of events in memory. Beyond it the oldest are forgotten, and may run again while they are inside the time window.
   * Default: 100,000, about 20 MB.
   */
  readonly maxEntries?: number;
  /** Retention of a handled event in milliseconds. Default: 97 hours, a day longer than `toleranceMs`. */
  readonly retentionMs?: number;
  /** Time in milliseconds after which an event that was begun and never ended may be begun again. Default: 5 minutes. */
  readonly leaseMs?: number;
  /** Returns the current time in milliseconds since 1970. Default: `Date.now`. */
  readonly now?: () => number;
}

/** Time for which an event that was begun and never ended blocks other calls. */
export const DEFAULT_LEASE_MS: number = 5 * 60 * 1000;

/** @throws {WebhookConfigurationError} when a store would forget at once, or never by mistake */
export function readSpan(name: string, value: number | undefined, fallbackMs: number): number {
  return optionNumber(name, value ?? fallbackMs, { min: 0, exclusiveMin: true, max: Number.POSITIVE_INFINITY });
}

/**
 * Creates a dedupe store in the memory of this process, for one long-lived server and for tests. A Worker has many isolates, so use a
 * store that they share, such as `sqlDedupe` in a Durable Object.
 *
 * @param options - Size and times
 * @returns The store, for the option `dedupe` of a handler
 * @throws {WebhookConfigurationError} when an option is invalid (`ERR_GHL_WEBHOOK_CONFIGURATION`)
 * @example
 * ```ts
 * import { createWebhookHandler, memoryDedupe } from "@ghl-edge/webhooks";
 *
 * export const webhooks = createWebhookHandler({
 *   appId: "5f0000000000000000000001",
 *   dedupe: memoryDedupe(),
 *   onEvent: ({ name }) => console.log(name),
 * });
 * ```
 */
export function memoryDedupe(options: MemoryDedupeOptions = {}): DedupeStore {
  const maxEntries = optionNumber("maxEntries", options.maxEntries ?? 100_000, { min: 1, integer: true });
  const retentionMs = readSpan("retentionMs", options.retentionMs, DEFAULT_DEDUPE_RETENTION_MS);
  const leaseMs = readSpan("leaseMs", options.leaseMs, DEFAULT_LEASE_MS);
  const now = clockOf(options.now);
  const entries = new Map<string, { readonly state: "running" | "done"; readonly until: number }>();

  function put(key: string, state: "running" | "done", forMs: number): void {
    entries.delete(key);
    entries.set(key, { state, until: now() + forMs });
    const [oldest] = entries.keys();
    if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest);
  }

  return {
    begin(key) {
      const entry = entries.get(key);
      if (entry !== undefined && entry.until > now()) return entry.state;
      put(key, "running", leaseMs);
      return "new";
    },
    done: (key) => put(key, "done", retentionMs),
    failed: (key) => void entries.delete(key),
  };
}
