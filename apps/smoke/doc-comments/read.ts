/** Reads what a package's hand-written entries export, with its doc comments, by TypeDoc. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Application, type ProjectReflection } from "typedoc";
import { ROOT, type SourcePackage } from "../project/packages.ts";

/** Source files of a package's entries: `./sql` is src/sql.ts. A generated entry has none of that name. */
function entryPointsOf({ path, manifest }: SourcePackage): string[] {
  return Object.keys(manifest.exports ?? {})
    .map((entry) => join(path, "src", entry === "." ? "index.ts" : `${entry.slice(2)}.ts`))
    .filter((file) => existsSync(file));
}

/** One package's exports, and what TypeDoc has to say against their comments. */
export interface Documentation {
  readonly project: ProjectReflection;
  readonly warnings: readonly string[];
}

const CACHE = fileURLToPath(new URL("../node_modules/.cache/doc-comments/", import.meta.url));

/** Writes a tsconfig over just these files, with the types of every runtime that an entry is for. */
function writeConfig(folder: string, files: readonly string[]): string {
  mkdirSync(CACHE, { recursive: true });
  const path = join(CACHE, `${folder}.json`);
  const typeRoots = [join(ROOT, "apps/smoke/node_modules/@types")];
  const lib = ["ES2023", "DOM", "DOM.Iterable", "DOM.AsyncIterable"];
  const compilerOptions = { lib, types: ["node"], typeRoots };
  writeFileSync(path, JSON.stringify({ extends: join(ROOT, "tsconfig.base.json"), compilerOptions, files }));
  return path;
}

/** A constant table behind `keyof typeof TABLE` gives the names of an exported type; the table itself need not be exported. */
const isTable = (warning: string): boolean => /^[A-Z_]+, defined in /.test(warning);
/** Types in generated files are not exported one by one: a user reaches them through the names of the entry. */
const isOfGenerated = (warning: string): boolean => /, defined in \S*\/generated\//.test(warning);

/** Converts one package; throws when TypeDoc cannot read it. */
export async function readDocumentation(source: SourcePackage): Promise<Documentation> {
  const entryPoints = entryPointsOf(source);
  const app = await Application.bootstrap({
    entryPoints,
    tsconfig: writeConfig(source.folder, entryPoints),
    name: source.manifest.name,
    // the compiler of the workspace has checked the types; this one reads comments
    skipErrorChecking: true,
    excludePrivate: true,
    excludeInternal: true,
    excludeExternals: true,
    validation: { invalidLink: true, notExported: true, notDocumented: false, invalidPath: true, rewrittenLink: true },
    readme: "none",
    logLevel: "Warn",
  });
  const warnings: string[] = [];
  app.logger.warn = (message) => void warnings.push(String(message));
  app.logger.error = (message) => void warnings.push(String(message));
  const project = await app.convert();
  if (project === undefined) throw new Error(`${source.manifest.name}: ${warnings.join("\n")}`);
  app.validate(project);
  return { project, warnings: warnings.filter((warning) => !isOfGenerated(warning) && !isTable(warning)) };
}
