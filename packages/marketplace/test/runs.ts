import fc from "fast-check";

/** Number of random cases: 1,000 unless PROPERTY_RUNS says otherwise (`pnpm test:long`: 100,000). */
export const RUNS = Number(process.env.PROPERTY_RUNS ?? 1_000);

/** Time for a property of that many cases, milliseconds. */
export const PROPERTY_TIMEOUT_MS: number = 20_000 + RUNS * 5;

fc.configureGlobal({ numRuns: RUNS });
