import { defineConfig } from "vitest/config";
import { inWorkerd } from "./test/support/setup/in-workerd.ts";

const workerd = await inWorkerd();

export default defineConfig({
  test: {
    silent: "passed-only",
    projects: [
      {
        plugins: [workerd],
        // Files run one after the other, because all count the requests to the one emulator.
        test: {
          name: "workerd",
          include: ["test/**/*.test.ts"],
          exclude: ["test/domain/**", "test/**/*.node.test.ts"],
          setupFiles: ["test/support/setup/logs.ts", "test/support/setup/migrate.ts", "test/support/setup/plans.ts"],
          disableConsoleIntercept: true,
          maxWorkers: 1,
          // The limit allows for a machine that is busy with other tests; no test measures time.
          testTimeout: 90_000,
          hookTimeout: 90_000,
        },
      },
      {
        test: {
          name: "node",
          include: ["test/domain/**/*.test.ts", "test/**/*.node.test.ts"],
          testTimeout: 30_000,
        },
      },
    ],
  },
});
