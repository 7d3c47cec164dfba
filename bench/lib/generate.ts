import { rmSync } from "node:fs";
import { join } from "node:path";
import type { GeneratorReport } from "../generators/run-generator.ts";
import { runNode } from "./child.ts";
import { ROOT } from "./context.ts";

/** A generator of the peers: a program in `generators/`. */
export type Generator = "openapi-typescript" | "hey-api" | "orval";

/** Runs a generator over documents in one fresh process, into an empty folder. */
export async function generate(
  generator: Generator,
  folder: string,
  documents: readonly string[],
): Promise<GeneratorReport & { readonly wallMs: number }> {
  rmSync(folder, { recursive: true, force: true });
  const program = join(ROOT, `bench/generators/${generator}.ts`);
  const { stdout, wallMs } = await runNode([program, folder, ...documents], ROOT);
  const report = JSON.parse(stdout.trimEnd().split("\n").at(-1)!) as GeneratorReport;
  return { ...report, wallMs };
}
