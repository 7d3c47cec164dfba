import { defineConfig } from "tsdown";
import { entries } from "./scripts/entries.ts";

export default defineConfig({
  entry: entries(),
  format: "esm",
  platform: "neutral",
  target: "es2022",
  dts: { oxc: true },
  logLevel: "warn",
});
