import { defineConfig } from "tsdown";
import { answerFiles } from "./answer-files.plugin.ts";

export default defineConfig({
  entry: ["src/index.ts", "src/node.ts", "src/cli.ts"],
  format: "esm",
  platform: "neutral",
  external: [/^node:/],
  plugins: [answerFiles()],
  dts: { oxc: true, sourcemap: true },
});
