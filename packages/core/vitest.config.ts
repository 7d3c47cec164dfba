import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

/** The same tests twice, in Node and in workerd, because the rules run in both. */
export default defineConfig({
  test: {
    projects: [
      { test: { name: "node", include: ["test/**/*.test.ts"], testTimeout: 20_000 } },
      {
        plugins: [cloudflareTest({ miniflare: { compatibilityDate: "2025-01-01" } })],
        test: {
          name: "workerd",
          include: ["test/**/*.test.ts"],
          isolate: false,
          maxWorkers: 1,
          testTimeout: 20_000,
        },
      },
    ],
  },
});
