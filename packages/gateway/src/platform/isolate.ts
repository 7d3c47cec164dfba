/**
 * State that all objects and requests of an isolate share. Every part of it may be lost at any time, and is then
 * read again.
 */

import type { Endpoint } from "../domain/delivery/endpoint.ts";
import { createByteBudget } from "../domain/limits/byte-budget.ts";
import { createPrefetchedPermits } from "../domain/limits/prefetched-permits.ts";
import type { GatewayConfig } from "./config.ts";
import { createRecent, ENDPOINTS_FRESH_MS } from "./recent.ts";

const DELIVERY_BYTES = 16 * 1_048_576;
const REQUEST_BYTES = 16 * 1_048_576;

// R8: objects and requests of an isolate share caches and bounds on memory, and an object gets nothing but its own storage and bindings.
export const isolate = {
  /** Configurations, keyed by the bindings they were read from, which cannot change. */
  configs: new WeakMap<Env, GatewayConfig>(),
  /** Endpoints by app. */
  endpoints: createRecent<readonly Endpoint[]>({ freshMs: ENDPOINTS_FRESH_MS }),
  /** Changes of endpoints that this isolate has made: what was being read meanwhile is not kept. */
  endpointChanges: 0,
  /** Permits and tokens for the next calls of this isolate. */
  prefetchedPermits: createPrefetchedPermits(),
  /** Resources at which an app is or was installed, by app and resource. The entries stay true for ever. About 2 MB. */
  knownTenants: createRecent<true>({ freshMs: 3_600_000, maxEntries: 20_000 }),
  /** Reports of quarantined events that an inbox has: the next is due an hour later. */
  quarantineReports: createRecent<true>({ freshMs: 3_600_000 }),
  /** Bodies of deliveries that are under way, of all endpoints whose objects are here: they share the isolate's 128 MB. */
  deliveryBytes: createByteBudget(DELIVERY_BYTES),
  /** Large bodies of requests that are being read, of senders who have not proved who they are yet. */
  requestBytes: createByteBudget(REQUEST_BYTES),
  /** Events that are being stored. */
  eventsUnderWay: 0,
};
