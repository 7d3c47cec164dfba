import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./child.ts";
import { ROOT } from "./context.ts";

/** Output of `tsc --extendedDiagnostics` for a project. */
export interface Compilation {
  readonly errors: readonly string[];
  readonly instantiations: number;
  /** Type check alone. */
  readonly checkMs: number;
  /** Parse, bind and check. */
  readonly totalMs: number;
}

const OPTIONS = {
  target: "ES2023",
  lib: ["ES2023", "DOM", "DOM.Iterable"],
  module: "ESNext",
  moduleResolution: "bundler",
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  types: [] as string[],
};

/** Writes the tsconfig.json of a folder: strict, as a user's would be. */
export function writeProject(folder: string, include: readonly string[], options: object = {}): void {
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({ compilerOptions: { ...OPTIONS, ...options }, include }),
  );
}

/** Compiles the project of a folder with the TypeScript of this benchmark. */
export async function compile(folder: string): Promise<Compilation> {
  const tsc = join(ROOT, "bench/node_modules/typescript/bin/tsc");
  const { stdout } = await run(
    process.execPath,
    [tsc, "-p", folder, "--extendedDiagnostics", "--pretty", "false"],
    ROOT,
  );
  const value = (name: string): number => {
    const found = new RegExp(`^${name}:\\s+([\\d.]+)`, "m").exec(stdout);
    if (found === null) throw new Error(`tsc did not say its ${name}: ${stdout.slice(0, 500)}`);
    return Number(found[1]);
  };
  return {
    errors: stdout.split("\n").filter((line) => /: error TS\d+:/.test(line)),
    instantiations: value("Instantiations"),
    checkMs: value("Check time") * 1000,
    totalMs: value("Total time") * 1000,
  };
}
