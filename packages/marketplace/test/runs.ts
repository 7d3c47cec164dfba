import fc from "fast-check";

/** Number of random cases. PROPERTY_RUNS sets it (`pnpm test:long`: 100,000). Default: 1,000. */
export const RUNS = Number(process.env.PROPERTY_RUNS ?? 1_000);

/** Time limit of a property with this number of cases, in milliseconds. */
export const PROPERTY_TIMEOUT_MS: number = 20_000 + RUNS * 5;

fc.configureGlobal({ numRuns: RUNS });
