import { clockOf, optionNumber } from "../option-checks.ts";
import { DEFAULT_DEDUPE_RETENTION_MS } from "../verify/verifier-options.ts";

/**
 * Where the handler remembers which events it has seen. `begin` must be atomic: of any number of callers with one key,
 * exactly one may get `new` until `failed` is called. Let a key that was begun and never ended expire after some minutes, or a
 * crash in mid-event loses the event; keep the ended ones for longer than `toleranceMs`, or a replay inside the window runs again.
 */
export interface DedupeStore {
  /** `new`: go on. `running`: another call has it. `done`: it was handled. */
  begin(key: string): Promise<DedupeState> | DedupeState;
  /** The event was handled. */
  done(key: string): Promise<void> | void;
  /** Handling failed: the next `begin` must answer `new`. */
  failed(key: string): Promise<void> | void;
}

export type DedupeState = "new" | "running" | "done";

export interface MemoryDedupeOptions {
  /**
   * Oldest events are forgotten beyond this number, and may then run again while they are inside the time window. Default 100,000,
   * about 20 MB.
   */
  readonly maxEntries?: number;
  /** How long a handled event is remembered, in milliseconds. Default: 97 hours, a day longer than `toleranceMs`. */
  readonly retentionMs?: number;
  /** After which time an event that was begun and never ended may be begun again. Default: 5 minutes. */
  readonly leaseMs?: number;
  /** The time now, in milliseconds since 1970. Default: Date.now. */
  readonly now?: () => number;
}

/** How long an event that was begun and never ended keeps others from beginning it. */
export const DEFAULT_LEASE_MS: number = 5 * 60 * 1000;

/** @throws WebhookConfigurationError where a store would forget at once, or never by mistake */
export function readSpan(name: string, value: number | undefined, fallbackMs: number): number {
  return optionNumber(name, value ?? fallbackMs, { min: 0, exclusiveMin: true, max: Number.POSITIVE_INFINITY });
}

/** Remembers in this process alone: for one long-lived server and for tests. A Worker has many isolates: use a store they share. */
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
