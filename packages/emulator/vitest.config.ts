import { defineConfig } from "vitest/config";
import { answerFiles } from "./answer-files.plugin.ts";

export default defineConfig({ plugins: [answerFiles()], test: { include: ["test/**/*.test.ts"] } });
