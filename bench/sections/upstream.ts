import { globSync, rmSync } from "node:fs";
import { join } from "node:path";
import { compile, writeProject } from "../lib/compiler.ts";
import { type Context, upstream, WORK } from "../lib/context.ts";
import { type Generator, generate } from "../lib/generate.ts";
import { isBuilt, syncAndGenerate } from "../peers/ghl-codegen.ts";
import { compare, type Row } from "../report/row.ts";

const SECTION = "HighLevel's documents as they come";
const FOLDER = join(WORK, "upstream");

interface Outcome {
  readonly generated: number;
  readonly compiling: number;
}

/** Counts the outputs without a type error. `name` matches the path of an output in the path of a file. */
async function countCompiling(folder: string, generated: number, name: RegExp): Promise<number> {
  const { errors } = await compile(folder);
  const broken = new Set(errors.map((line) => name.exec(line.replaceAll("\\", "/"))?.[1] ?? line));
  return generated - broken.size;
}

async function outcomeOf(generator: Generator, documents: readonly string[]): Promise<Outcome> {
  const folder = join(FOLDER, generator);
  const { generated } = await generate(generator, folder, documents);
  // declarations of ours and of openapi-typescript are what is tested here, so they are not skipped
  writeProject(folder, ["**/*.ts"], { skipLibCheck: false });
  const name = new RegExp(`upstream/${generator}/([^/.(]+)`);
  return { generated: generated.length, compiling: await countCompiling(folder, generated.length, name) };
}

async function outcomeOfOurs(): Promise<Outcome> {
  const folder = join(FOLDER, "ours");
  await syncAndGenerate(folder);
  const generated = globSync("packages/client/src/generated/v?/*.schema.gen.d.ts", { cwd: folder }).length;
  writeProject(folder, ["packages/client/src/generated/**/*.ts"], { skipLibCheck: false });
  return { generated, compiling: await countCompiling(folder, generated, /generated\/(v\d\/[^/.]+)/) };
}

/** Counts the documents that each generator accepts without help, and the outputs that compile. */
export async function upstreamDocuments({ log }: Context): Promise<Row[]> {
  const documents = upstream();
  if (documents.length === 0) {
    log("upstream: no documents beside this working copy, skipped");
    return [];
  }
  rmSync(FOLDER, { recursive: true, force: true });
  log(`upstream: ${documents.length} documents, three peers`);
  const ours = isBuilt() ? await outcomeOfOurs() : undefined;
  const rows: Row[] = [];
  for (const generator of ["openapi-typescript", "hey-api", "orval"] as const) {
    const theirs = await outcomeOf(generator, documents);
    const target = { of: "ours", bound: "at least", value: documents.length } as const;
    const common = { section: SECTION, unit: "", peer: generator, target };
    rows.push(
      compare({
        ...common,
        what: "documents generated",
        theirs: theirs.generated,
        ...(ours && { ours: ours.generated }),
      }),
      compare({
        ...common,
        what: "of those, output compiles (strict)",
        theirs: theirs.compiling,
        ...(ours && { ours: ours.compiling }),
      }),
    );
  }
  return rows.sort((a, b) => a.what.localeCompare(b.what));
}
