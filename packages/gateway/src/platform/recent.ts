/** Default time for which an isolate uses a cached value. A revoked key is accepted for at most this long. */
export const RECENT_MS = 30_000;
/**
 * Time for which events may use cached endpoints of an app. A storm of events in a thousand inboxes then causes a few queries to a
 * database that answers one at a time. Actions that create or change an endpoint wait for this long before they answer.
 */
export const ENDPOINTS_FRESH_MS = 250;
const MAX_ENTRIES = 1_000;

/** Cache of an isolate. It holds values only, because one request must not await a promise of another. */
export interface Recent<Value> {
  get(name: string): Value | undefined;
  /** `readAtMs`: time at which the read began; default: now. */
  set(name: string, value: Value, readAtMs?: number): void;
  clear(): void;
}

export interface RecentOptions {
  readonly freshMs?: number;
  /** Default: 1,000. */
  readonly maxEntries?: number;
  readonly now?: () => number;
}

export function createRecent<Value>({
  freshMs = RECENT_MS,
  maxEntries = MAX_ENTRIES,
  now = () => Date.now(),
}: RecentOptions = {}): Recent<Value> {
  const entries = new Map<string, { readonly value: Value; readonly untilMs: number }>();
  return {
    get(name) {
      const entry = entries.get(name);
      if (entry === undefined || now() < entry.untilMs) return entry?.value;
      entries.delete(name);
      return undefined;
    },
    set(name, value, readAtMs = now()) {
      entries.delete(name);
      const oldest = entries.keys().next();
      if (entries.size >= maxEntries && !oldest.done) entries.delete(oldest.value);
      entries.set(name, { value, untilMs: readAtMs + freshMs });
    },
    clear() {
      entries.clear();
    },
  };
}
