import type { Endpoint } from "../domain/delivery/endpoint.ts";
import { createRecent, ENDPOINTS_FRESH_MS } from "../platform/recent.ts";

/** Endpoints by app, as this isolate last read them. */
export interface RecentEndpoints {
  get(app: string): readonly Endpoint[] | undefined;
  /** Begins a read. Call the result with what was read: it is cached unless this isolate has changed an endpoint meanwhile. */
  startRead(app: string): (endpoints: readonly Endpoint[]) => void;
  /** Drops everything, so that this isolate uses its own change at once. */
  forget(): void;
}

export function createRecentEndpoints(): RecentEndpoints {
  const recent = createRecent<readonly Endpoint[]>({ freshMs: ENDPOINTS_FRESH_MS });
  let changes = 0;
  return {
    get: recent.get,
    startRead(app) {
      const [before, readAtMs] = [changes, Date.now()];
      return (endpoints) => {
        if (changes === before) recent.set(app, endpoints, readAtMs);
      };
    },
    forget() {
      changes++;
      recent.clear();
    },
  };
}
