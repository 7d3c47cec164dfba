import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

/** The same tests twice: in Node and in workerd. The plugin itself switches `nodejs_compat` on; apps/smoke runs without. */
export default defineConfig({
  test: {
    projects: [
      { test: { name: "node", include: ["test/**/*.test.ts"] } },
      {
        plugins: [cloudflareTest({ miniflare: { compatibilityDate: "2025-01-01" } })],
        test: { name: "workerd", include: ["test/**/*.test.ts"], isolate: false, maxWorkers: 1 },
      },
    ],
  },
});
