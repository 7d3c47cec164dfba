/**
 * `pnpm voice [path…]`: reports long sentences, comments without a verb, home-made words, error messages outside our grammar, and
 * tests whose name is no sentence. It reads every document and source file below the paths (default: the repository). The exit
 * code is 1 when there is any. `--count` prints only how many, by folder.
 */
import { globSync, readFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { checkVoice, finderOf, hasMessages } from "./voice/check.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values, positionals } = parseArgs({ options: { count: { type: "boolean" } }, allowPositionals: true });

/** Folders that hold what others wrote or what a program writes. */
const SKIPPED = new Set([
  "node_modules",
  "dist",
  ".turbo",
  ".wrangler",
  "generated",
  "__snapshots__",
  "fixtures",
  "voice",
]);
const GENERATED = /\.gen(\.d)?\.ts$|worker-configuration\.d\.ts$|^docs\/operations\.md$|CHANGELOG\.md$/;
const PATTERNS = [
  "*.md",
  "{docs,.changeset,bench,scripts}/**/*.{md,ts}",
  "{packages,apps,examples}/**/*.{md,ts,tsx,sql}",
];

const all = globSync(PATTERNS, { cwd: root, exclude: (path) => path.split(sep).some((part) => SKIPPED.has(part)) })
  .map((path) => path.split(sep).join("/"))
  .filter((path) => !GENERATED.test(path))
  .sort();
const textOf = (path: string): string => readFileSync(join(root, path), "utf8");
const finder = finderOf(all.filter(hasMessages).map((path) => [path, textOf(path)] as const));
const paths = all.filter((path) => positionals.length === 0 || positionals.some((start) => path.startsWith(start)));
const found = paths.flatMap((path) => checkVoice(path, textOf(path), finder));
if (values.count) {
  const counts = new Map<string, Record<string, number>>();
  for (const { path, rule } of found) {
    const folder = path
      .split("/")
      .slice(0, path.startsWith("packages/") || path.startsWith("apps/") ? 3 : 2)
      .join("/");
    const row = counts.get(folder) ?? { sentence: 0, comment: 0, word: 0, message: 0, "test-name": 0 };
    row[rule]! += 1;
    counts.set(folder, row);
  }
  for (const [folder, row] of [...counts].sort()) console.log(folder.padEnd(44), JSON.stringify(row));
} else for (const { path, line, rule, message } of found) console.log(`${path}:${line} ${rule}: ${message}`);
console.log(`${paths.length} files, ${found.length} findings`);
process.exitCode = found.length > 0 ? 1 : 0;
