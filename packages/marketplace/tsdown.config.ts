import { defineConfig } from "tsdown";

export default defineConfig({
  entry: [
    "src/index.ts",
    "src/billing.ts",
    "src/external-auth.ts",
    "src/payments.ts",
    "src/user-context.ts",
    "src/workflows.ts",
  ],
  format: "esm",
  platform: "neutral",
  fixedExtension: false,
  dts: { sourcemap: true },
});
