/**
 * Exits 1 when a published package is not what it promises. Its `exports` are explicit, with types first, and their files are built.
 * Every entry that a README names exists. publint (strict) and attw (ESM only) find nothing. Run after `pnpm build`.
 */
import { execFile } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { type Manifest, manifestFindings } from "./package-entries.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const attw = join(root, "node_modules/.bin/attw");
const run = promisify(execFile);

/** Findings of publint and attw in a built package. */
async function checkerFindings(folder: string, manifest: Manifest): Promise<string[]> {
  const { messages, pkg } = await publint({ pkgDir: folder, strict: true, pack: "npm" });
  const findings = messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false })}`);
  if (Object.values(manifest.exports ?? {}).every((target) => typeof target === "string")) return findings;
  try {
    await run(attw, ["--pack", ".", "--profile", "esm-only", "--format", "ascii", "--no-color", "--no-emoji"], {
      cwd: folder,
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (error) {
    findings.push(`attw: ${(error as { stdout?: string }).stdout ?? String(error)}`);
  }
  return findings;
}

let failed = 0;
for (const path of globSync("packages/*/package.json", { cwd: root }).sort()) {
  const folder = join(root, dirname(path));
  const manifest = JSON.parse(readFileSync(join(root, path), "utf8")) as Manifest;
  if (manifest.private) continue;
  const readmePath = join(folder, "README.md");
  const readme = existsSync(readmePath) ? readFileSync(readmePath, "utf8") : "";
  const findings = manifestFindings(manifest, (target) => existsSync(join(folder, target)), readme);
  if (findings.length === 0) findings.push(...(await checkerFindings(folder, manifest)));
  for (const finding of findings) console.error(`${manifest.name}: ${finding}`);
  if (findings.length === 0) console.log(`${manifest.name}: ${Object.keys(manifest.exports ?? {}).length} entries`);
  else failed++;
}
process.exitCode = failed === 0 ? 0 : 1;
