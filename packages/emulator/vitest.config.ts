import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";
import { answerFiles } from "./answer-files.plugin.ts";

/** Tests that touch files, ports or processes; the others run in Node and in workerd. */
const nodeOnly = ["test/server.test.ts", "test/cli.test.ts", "test/api/sample.test.ts", "test/api/documents.test.ts"];

export default defineConfig({
  test: {
    projects: [
      { plugins: [answerFiles()], test: { name: "node", include: ["test/**/*.test.ts"] } },
      {
        plugins: [answerFiles(), cloudflareTest({ miniflare: { compatibilityDate: "2026-10-01" } })],
        test: {
          name: "workerd",
          include: ["test/**/*.test.ts"],
          exclude: nodeOnly,
          isolate: false,
          maxWorkers: 1,
        },
      },
    ],
  },
});
