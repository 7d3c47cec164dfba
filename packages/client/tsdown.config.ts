import { globSync } from "node:fs";
import { defineConfig } from "tsdown";

/** `v3/contacts` → `src/generated/v3/contacts.gen.ts`, for every generated module. */
const modules = globSync("src/generated/v*/*.gen.ts", { exclude: ["**/*.d.ts"] })
  .sort()
  .map((file) => [file.slice("src/generated/".length, -".gen.ts".length), file]);

export default defineConfig({
  entry: { index: "src/index.ts", raw: "src/raw.ts", routes: "src/routes.ts", ...Object.fromEntries(modules) },
  format: "esm",
  platform: "neutral",
  dts: { oxc: true },
});
