import { defineConfig } from "vitest/config";

export default defineConfig({
  // whole documents are compiled here: on a busy machine of two cores the default of five seconds is no proof of anything
  test: { testTimeout: 60_000 },
});
