import { defineConfig } from "tsdown";

export default defineConfig({
  entry: ["src/index.ts", "src/durable-object.ts", "src/node.ts", "src/sql.ts", "src/testing.ts"],
  format: "esm",
  platform: "neutral",
  deps: { neverBundle: [/^node:/] },
  fixedExtension: false,
  dts: { sourcemap: true },
});
