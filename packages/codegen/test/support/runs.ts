/** Number of random cases per property: 1,000 in `test`, 100,000 in `test:long`. */
export const PROPERTY_RUNS: number = Number(process.env.PROPERTY_RUNS ?? 1_000);

/** Long enough for any number of them. */
export const PROPERTY_TIMEOUT_MS: number = 60_000 + PROPERTY_RUNS * 100;
