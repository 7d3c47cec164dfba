/** Writes `exports` of package.json from the entries; with `--check`, exits 1 instead when it is not up to date. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { entries, root } from "./entries.ts";

const path = join(root, "package.json");
const text = readFileSync(path, "utf8");
const manifest = JSON.parse(text) as Record<string, unknown>;
manifest.exports = Object.fromEntries(
  Object.keys(entries()).map((name) => [
    name === "index" ? "." : `./${name}`,
    { types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` },
  ]),
);
const expected = `${JSON.stringify(manifest, null, 2)}\n`;
if (expected !== text) {
  if (process.argv.includes("--check")) {
    console.error("package.json: exports are not what src/generated has; run `pnpm --filter @ghl-edge/client exports`");
    process.exitCode = 1;
  } else writeFileSync(path, expected);
}
