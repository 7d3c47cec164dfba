import { env } from "cloudflare:workers";

const given = env as unknown as Record<string, string>;

/** Handed over by vitest.soak.config.ts, which may read the environment. */
export const parameters = {
  locations: Number(given.SOAK_LOCATIONS),
  seconds: Number(given.SOAK_SECONDS),
  schedules: Number(given.SOAK_SCHEDULES),
  beside: Number(given.SOAK_BESIDE),
};
