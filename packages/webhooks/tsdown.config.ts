import { defineConfig } from "tsdown";

export default defineConfig({
  entry: {
    index: "src/index.ts",
    events: "src/generated/events.gen.ts",
    gateway: "src/gateway.ts",
    node: "src/node.ts",
    testing: "src/testing.ts",
  },
  format: "esm",
  platform: "neutral",
  fixedExtension: false,
  dts: { sourcemap: true },
});
