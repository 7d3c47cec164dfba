import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

const RUNTIME = {
  compatibilityDate: "2025-01-01",
  durableObjects: { SEEN: { className: "Seen", useSQLite: true } },
  bindings: { GATEWAY_SECRET: `whsec_${btoa("\x01".repeat(24))}` },
};

/** For properties on a machine that is busy with other tests. */
const testTimeout = 60_000;

/**
 * The same tests twice: in Node and in workerd; test/workerd in workerd alone, test/node in Node alone. The plugin itself switches `nodejs_compat` on;
 * apps/smoke runs without.
 */
export default defineConfig({
  test: {
    projects: [
      { test: { name: "node", include: ["test/**/*.test.ts"], exclude: ["test/workerd/**"], testTimeout } },
      {
        plugins: [cloudflareTest({ main: "./test/workerd/worker.ts", miniflare: RUNTIME })],
        test: {
          name: "workerd",
          include: ["test/**/*.test.ts"],
          exclude: ["test/node/**"],
          isolate: false,
          maxWorkers: 1,
          testTimeout,
        },
      },
    ],
  },
});
