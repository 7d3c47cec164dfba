/**
 * Everything CI runs, in order, on a clean checkout: `npm test` ends here. Each step and each vitest test counts; the last
 * line is `N passed, N failed` (and `, N skipped`), whatever happened before it.
 */
import { spawnSync } from "node:child_process";
import { globSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { failuresOf, type TestReport } from "./test-report.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** name → command; run in this order, all of them even when one fails. */
const steps: [name: string, command: string][] = [
  ["lint and format", "pnpm run lint"],
  ["import rules", "pnpm run check:boundaries"],
  ["voice", "pnpm run voice"],
  ["error reference is current", "pnpm run errors --check"],
  ["build", "turbo run build --concurrency=2 --output-logs=errors-only"],
  ["tests of the rules and of the daily update", "pnpm run test:scripts"],
  ["tests of the benchmark's arithmetic", "pnpm run test:bench"],
  ["generated code is current", "pnpm exec ghl-codegen generate --check"],
  ["exports", "pnpm run check:exports"],
  ["types", "turbo run typecheck --concurrency=2 --continue --output-logs=errors-only"],
  // The benchmarks have a lockfile of their own. The packages that they link were built above.
  [
    "types of the benchmarks",
    "pnpm --dir bench install --frozen-lockfile --prefer-offline && pnpm --dir bench run typecheck",
  ],
  ["tests", "node scripts/test-lanes.ts"],
];

const reportPattern = "{packages,apps,scripts,bench}/**/test-report.json";
const reports = (): string[] =>
  globSync(reportPattern, { cwd: root, exclude: (path) => path.includes("node_modules") }).map((path) => root + path);
for (const path of reports()) rmSync(path);

let passed = 0;
let failed = 0;
let skipped = 0;
const failedNames: string[] = [];
for (const [name, command] of steps) {
  const startMs = performance.now();
  console.log(`\n▶ ${name}: ${command}`);
  const { status } = spawnSync(command, { cwd: root, shell: true, stdio: "inherit" });
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  console.log(`${status === 0 ? "✓" : "✗"} ${name} (${seconds} s)`);
  if (status === 0) passed++;
  else {
    failed++;
    failedNames.push(name);
  }
}
for (const path of reports()) {
  const report = JSON.parse(readFileSync(path, "utf8")) as TestReport;
  passed += report.numPassedTests;
  failed += report.numFailedTests;
  skipped += report.numPendingTests;
  for (const failure of failuresOf(report, root)) console.log(`\n${failure}`);
}

if (failedNames.length > 0) console.log(`\nfailed: ${failedNames.join(", ")}`);
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exitCode = failed === 0 ? 0 : 1;
