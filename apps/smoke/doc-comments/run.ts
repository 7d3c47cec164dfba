/** `pnpm docs:check [folder…]`: what the doc comments of the published packages lack (default: of all). Exit code 1 when anything. */
import { findPackages } from "../project/packages.ts";
import { lacks } from "./check.ts";
import { readDocumentation } from "./read.ts";

const folders = process.argv.slice(2);
let count = 0;
for (const source of findPackages().filter(({ folder }) => folders.length === 0 || folders.includes(folder))) {
  const found = lacks(await readDocumentation(source));
  for (const line of found) console.log(`${source.folder}: ${line}`);
  count += found.length;
}
console.log(`${count} findings`);
process.exitCode = count > 0 ? 1 : 0;
