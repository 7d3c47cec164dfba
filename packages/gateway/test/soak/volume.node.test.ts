import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";

const script = join(import.meta.dirname, "../../soak/volume/start.ts");
/** Half a minute on an idle machine with two cores; `pnpm run volume --events …` takes more. */
const EVENTS = 10_000;
let child: ChildProcess | undefined;

afterEach(() => {
  if (child?.exitCode === null) child.kill("SIGKILL");
});

test("three repeats in ten posts, in random order: one row and one effect for each event, every answer 200 (8)", async () => {
  child = spawn(process.execPath, [script, "--events", String(EVENTS), "--locations", "20"]);
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (data: Buffer) => {
      output += data.toString();
    });
  const [code] = (await once(child, "close")) as [number | null];
  expect(output).toContain(`| answers | ${EVENTS} × 200 |`);
  expect(output).toContain("| breaches | none |");
  expect(code).toBe(0);
}, 400_000);
