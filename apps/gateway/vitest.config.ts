import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { silent: "passed-only", include: ["test/**/*.test.ts"], testTimeout: 30_000 },
});
