/**
 * Runs the tests of all packages in two lanes beside each other, one for each core of a small machine, the longest of each lane first. One
 * pool of tasks would begin the gateway's tests last, which are half of the time, and then leave a core idle.
 */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { LANES } from "./lanes.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

function test(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn("pnpm", ["--filter", name, "run", "test"], { cwd: root, stdio: "inherit", shell: true });
    child.once("close", (code) => resolve(code === 0));
  });
}

async function runLane(names: readonly string[]): Promise<string[]> {
  const failed: string[] = [];
  for (const name of names) {
    const startMs = performance.now();
    const passed = await test(name);
    console.log(`${passed ? "✓" : "✗"} tests of ${name} (${((performance.now() - startMs) / 1000).toFixed(1)} s)`);
    if (!passed) failed.push(name);
  }
  return failed;
}

const failedTests = (await Promise.all(LANES.map(runLane))).flat();
if (failedTests.length > 0) console.error(`tests failed: ${failedTests.join(", ")}`);
process.exitCode = failedTests.length === 0 ? 0 : 1;
