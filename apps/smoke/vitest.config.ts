import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["./project/global-setup.ts"],
    silent: "passed-only",
    // no test reaches anything but loopback
    setupFiles: ["./fixtures/guard.mjs"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
