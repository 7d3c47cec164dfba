import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";

/** Result of a generator for a list of documents. */
export interface GeneratorReport {
  /** Output folder or file name → document. */
  readonly generated: string[];
  readonly failed: { readonly name: string; readonly reason: string }[];
}

/** A document's name in the output: `v3/contacts.json` → `v3-contacts`. */
export const outputName = (file: string): string =>
  file
    .split("/")
    .slice(-2)
    .join("-")
    .replace(/\.json$/, "");

/**
 * Main program of a generator script: `node generators/<peer>.ts <output folder> <document>…` generates every document in this one
 * process, goes on after a refused one, and prints a `GeneratorReport` as the last line of its output.
 */
export async function runGenerator(generate: (file: string, target: string) => Promise<void>): Promise<void> {
  const [folder, ...files] = process.argv.slice(2);
  if (folder === undefined) throw new TypeError("usage: <output folder> <document>…");
  mkdirSync(folder, { recursive: true });
  const report: GeneratorReport = { generated: [], failed: [] };
  for (const file of files) {
    const name = outputName(file);
    try {
      await generate(file, join(folder, name));
      // some generators print what is wrong, write nothing, and return as if all were well
      if (!["", ".ts", ".d.ts"].some((suffix) => existsSync(join(folder, name + suffix)))) throw new Error("no output");
      report.generated.push(name);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      report.failed.push({ name, reason: reason.split("\n")[0]!.slice(0, 200) });
    }
  }
  process.stdout.write(`\n${JSON.stringify(report)}\n`, () => process.exit(0));
}
