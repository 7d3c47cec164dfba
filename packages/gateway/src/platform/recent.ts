/** Default time for which an isolate uses a cached value. A revoked key is accepted for at most this long. */
export const RECENT_MS = 30_000;
/**
 * Time for which events may use cached endpoints of an app. A storm of events in a thousand inboxes then causes a few queries to a
 * database that answers one at a time. Actions that create or change an endpoint wait for this long before they answer.
 */
export const ENDPOINTS_FRESH_MS = 250;
/**
 * Time after its last read for which an isolate accepts an API key while the directory cannot be read. A key that was revoked before an outage
 * is accepted for at most this long, by isolates that have not read the directory since.
 */
export const STALE_KEY_MS = 900_000;
/** Pause before the next read of a value whose source could not be read. */
export const STALE_RETRY_MS = 5_000;
const MAX_ENTRIES = 1_000;

/** Cache of an isolate. It holds values only, because one request must not await a promise of another. */
export interface Recent<Value> {
  get(name: string): Value | undefined;
  /** Returns a value whose source cannot be read, for up to `staleMs` after it was read. `get` then returns it for `STALE_RETRY_MS` more. */
  getStale(name: string): Value | undefined;
  /** `readAtMs`: time at which the read began; default: now. */
  set(name: string, value: Value, readAtMs?: number): void;
  clear(): void;
}

export interface RecentOptions {
  readonly freshMs?: number;
  /** Time after the read for which `getStale` returns a value. Default: `freshMs`. */
  readonly staleMs?: number;
  /** Default: 1,000. */
  readonly maxEntries?: number;
  readonly now?: () => number;
}

export function createRecent<Value>({
  freshMs = RECENT_MS,
  staleMs = freshMs,
  maxEntries = MAX_ENTRIES,
  now = () => Date.now(),
}: RecentOptions = {}): Recent<Value> {
  const entries = new Map<string, { readonly value: Value; readonly untilMs: number; readonly staleUntilMs: number }>();
  return {
    get(name) {
      const entry = entries.get(name);
      if (entry === undefined || now() < entry.untilMs) return entry?.value;
      if (now() >= entry.staleUntilMs) entries.delete(name);
      return undefined;
    },
    getStale(name) {
      const entry = entries.get(name);
      const nowMs = now();
      if (entry === undefined || nowMs >= entry.staleUntilMs) return undefined;
      entries.set(name, { ...entry, untilMs: Math.min(nowMs + STALE_RETRY_MS, entry.staleUntilMs) });
      return entry.value;
    },
    set(name, value, readAtMs = now()) {
      entries.delete(name);
      const oldest = entries.keys().next();
      if (entries.size >= maxEntries && !oldest.done) entries.delete(oldest.value);
      entries.set(name, { value, untilMs: readAtMs + freshMs, staleUntilMs: readAtMs + staleMs });
    },
    clear() {
      entries.clear();
    },
  };
}
