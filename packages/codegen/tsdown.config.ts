import { readdirSync } from "node:fs";
import { defineConfig } from "tsdown";

/** Files that `sync` and `generate` need besides HighLevel's documents. The package carries them, but not the documents. */
const OPENAPI = "../../openapi";
const packaged = readdirSync(new URL(OPENAPI, import.meta.url)).filter((name) => name !== "v2" && name !== "v3");

export default defineConfig({
  entry: ["src/index.ts", "src/cli.ts"],
  format: "esm",
  platform: "node",
  fixedExtension: false,
  dts: { sourcemap: true },
  copy: packaged.map((name) => ({ from: `${OPENAPI}/${name}`, to: "dist/openapi" })),
});
