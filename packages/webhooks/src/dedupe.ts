/**
 * Where the handler remembers which events it has seen. `begin` must be atomic: of any number of callers with one key,
 * exactly one may get `new` until `failed` is called. Let a key that was begun and never ended expire after some minutes, or a
 * crash in mid-event loses the event; keep the ended ones for as long as a redelivery may come (a day; by hand 30).
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
  /** Oldest events are forgotten beyond this number. Default 10,000. */
  readonly maxEntries?: number;
  /** How long a handled event is remembered, in milliseconds. Default: a day. */
  readonly keepMs?: number;
  /** After which time an event that was begun and never ended may be begun again. Default: 5 minutes. */
  readonly leaseMs?: number;
  /** The time now, in milliseconds since 1970. Default: Date.now. */
  readonly now?: () => number;
}

/** Remembers in this process alone: for one long-lived server and for tests. A Worker has many isolates: use a store they share. */
export function memoryDedupe(options: MemoryDedupeOptions = {}): DedupeStore {
  const { maxEntries = 10_000, keepMs = 24 * 60 * 60 * 1000, leaseMs = 5 * 60 * 1000, now = Date.now } = options;
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
    done: (key) => put(key, "done", keepMs),
    failed: (key) => void entries.delete(key),
  };
}
