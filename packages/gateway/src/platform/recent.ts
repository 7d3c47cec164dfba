/** How long an isolate goes by what it has read, where nothing else is said: a revoked key opens for at most this long. */
export const RECENT_MS = 30_000;
/**
 * So long may events go by an app's endpoints as they were: a few queries for a storm of them, where each of a thousand inboxes would
 * ask a database that answers one at a time. Operations that make or change an endpoint wait for so long before they say so.
 */
export const ENDPOINTS_FRESH_MS = 250;
const MAX_ENTRIES = 1_000;

/** What this isolate has read lately. Values only: a promise of one request must not be awaited by another. */
export interface Recent<Value> {
  get(name: string): Value | undefined;
  /** `readAtMs`: when its reading began; default: now. */
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
