import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { digest } from "./digest.ts";

/**
 * Digest of the generator itself: its own files, as they run (sources in the repository, the bundle when installed),
 * and the versions of the two packages that shape its output.
 */
export function fingerprint(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const folder = here.endsWith(join("src", "output", "generate")) ? dirname(dirname(here)) : here;
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => /(?<!\.d)\.[jt]s$/.test(file))
    .sort();
  const require = createRequire(import.meta.url);
  const versions = ["openapi-typescript", "typescript"].map((name) =>
    readFileSync(require.resolve(`${name}/package.json`)),
  );
  return digest(...files, ...files.map((file) => readFileSync(join(folder, file))), ...versions);
}
