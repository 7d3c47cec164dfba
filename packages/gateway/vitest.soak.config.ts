import { defineConfig } from "vitest/config";
import { inWorkerd } from "./test/support/setup/in-workerd.ts";
import { locationIds } from "./test/support/setup/settings.ts";

/** Variables of the environment that `pnpm run soak` reads, with their defaults. */
const parameters = {
  /** Calls for locations nobody has called yet. */
  SOAK_LOCATIONS: "2000",
  /** Seconds of each window model, of which the first sixth is not measured. */
  SOAK_SECONDS: "360",
  /** Random schedules of a grant and of a budget. */
  SOAK_SCHEDULES: "10000",
  /** Number of schedules that run beside each other. */
  SOAK_BESIDE: "200",
};
const bindings = Object.fromEntries(
  Object.entries(parameters).map(([name, value]) => [name, process.env[name] ?? value]),
);

/** Hours, not CI: real windows of 10 s, at HighLevel's own limits. */
export default defineConfig({
  plugins: [await inWorkerd({ locations: locationIds(Number(bindings.SOAK_LOCATIONS)), bindings })],
  test: {
    include: ["soak/*.test.ts"],
    setupFiles: ["test/support/setup/migrate.ts"],
    maxWorkers: 1,
    testTimeout: 6 * 3_600_000,
    hookTimeout: 1_800_000,
  },
});
