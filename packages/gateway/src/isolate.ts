import { createDirectory, type Directory } from "./directory/directory.ts";
import { createRecentEndpoints } from "./directory/recent-endpoints.ts";
import { type ByteBudget, createByteBudget } from "./domain/limits/byte-budget.ts";
import { createPrefetchedPermits, type PrefetchedPermits } from "./domain/limits/prefetched-permits.ts";
import { type GatewayConfig, parseConfig } from "./platform/config.ts";
import { readDatabase, readMetricsDataset } from "./platform/env.ts";
import { createMetrics, type Metrics } from "./platform/metrics.ts";
import { createRecent, type Recent } from "./platform/recent.ts";

const DELIVERY_BYTES = 16 * 1_048_576;
const REQUEST_BYTES = 16 * 1_048_576;

/**
 * Holds what all objects and requests of an isolate share: caches, and bounds on its memory. Every part of it may be lost at any time, and
 * is then read again. `worker.ts` creates the only one and hands it down.
 */
export interface Isolate {
  /**
   * Returns the configuration. It is parsed once for each set of bindings, which cannot change.
   *
   * @throws ConfigError
   */
  readConfig(env: Env): GatewayConfig;
  /**
   * Returns the directory, which is created once for each set of bindings.
   *
   * @throws ConfigError
   */
  readDirectory(env: Env): Directory;
  /** Returns the share of successes that are logged, in percent. All are while the configuration is invalid. Never throws. */
  successPercent(env: Env): number;
  /** Returns the counts that are not written yet. */
  readMetrics(env: Env): Metrics;
  /** Permits and tokens that the next calls of this isolate use. */
  readonly prefetchedPermits: PrefetchedPermits;
  /** Tenants whose app is or was installed. An entry never becomes wrong. The entries take about 2 MB at most. */
  readonly knownTenants: Recent<true>;
  /** Reports of quarantined and dropped events that an inbox has stored. The next report of a reason is due an hour later. */
  readonly undeliveredReports: Recent<true>;
  /** Budget for bodies of in-flight deliveries. All endpoints whose objects run here share it, because the isolate has 128 MB. */
  readonly deliveryBytes: ByteBudget;
  /** Budget for large bodies of requests that are being read. Their senders are not authenticated yet. */
  readonly requestBytes: ByteBudget;
  /** Number of events that are being stored. */
  eventsUnderWay: number;
}

/** Creates the state of an isolate, with nothing in it. */
export function createIsolate(): Isolate {
  const configs = new WeakMap<Env, GatewayConfig>();
  const directories = new WeakMap<Env, Directory>();
  const metrics = new WeakMap<Env, Metrics>();
  const recentEndpoints = createRecentEndpoints();

  function readConfig(env: Env): GatewayConfig {
    const config = configs.get(env) ?? parseConfig(env);
    configs.set(env, config);
    return config;
  }

  return {
    readConfig,
    readDirectory(env) {
      const directory =
        directories.get(env) ?? createDirectory(readDatabase(env), readConfig(env).tokenKeys, recentEndpoints);
      directories.set(env, directory);
      return directory;
    },
    successPercent(env) {
      try {
        return readConfig(env).logSuccessPercent;
      } catch {
        return 100;
      }
    },
    readMetrics(env) {
      const counts = metrics.get(env) ?? createMetrics(readMetricsDataset(env));
      metrics.set(env, counts);
      return counts;
    },
    prefetchedPermits: createPrefetchedPermits(),
    knownTenants: createRecent<true>({ freshMs: 3_600_000, maxEntries: 20_000 }),
    undeliveredReports: createRecent<true>({ freshMs: 3_600_000 }),
    deliveryBytes: createByteBudget(DELIVERY_BYTES),
    requestBytes: createByteBudget(REQUEST_BYTES),
    eventsUnderWay: 0,
  };
}
