import { defineConfig } from "tsdown";
import { entries } from "./scripts/entries.ts";

export default defineConfig({
  entry: entries(),
  format: "esm",
  platform: "neutral",
  target: "es2022",
  dts: { oxc: true, sourcemap: true },
  // Constants and functions with one use are put where they are used. Apps' own minifiers do that in part only. Names, lines and
  // comments stay.
  minify: { compress: true, mangle: false, codegen: { removeWhitespace: false } },
  logLevel: "warn",
});
