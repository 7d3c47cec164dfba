/** Cases per property: 1,000, or what the environment says (`test:long`). */
export const RUNS: number = Number(process.env.FAST_CHECK_RUNS ?? 1_000);
