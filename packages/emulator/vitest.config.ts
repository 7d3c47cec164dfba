import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";
import { answerFiles } from "./answer-files.plugin.ts";

/** Tests that touch files, ports, processes or a browser; the others run in Node and in workerd. */
const nodeOnly = [
  "test/server.test.ts",
  "test/cli.test.ts",
  "test/config-file.test.ts",
  "test/several-processes.test.ts",
  "test/api/sample.test.ts",
  "test/api/documents.test.ts",
  "test/api/values.test.ts",
  "test/observed/replay.test.ts",
  "test/observed/own-answers.test.ts",
  "test/observed/strict-requests.test.ts",
  "test/control/page.browser.test.ts",
];

/** Every operation of both generations is called in one test; a busy machine of two cores needs its time. */
const testTimeout = 60_000;

export default defineConfig({
  test: {
    projects: [
      { plugins: [answerFiles()], test: { name: "node", include: ["test/**/*.test.ts"], testTimeout } },
      {
        plugins: [answerFiles(), cloudflareTest({ miniflare: { compatibilityDate: "2026-10-01" } })],
        test: {
          name: "workerd",
          include: ["test/**/*.test.ts"],
          exclude: nodeOnly,
          testTimeout,
          isolate: false,
          maxWorkers: 1,
        },
      },
    ],
  },
});
