/** Finds names in changesets that the packages do not have, so that a rename also changes the changeset. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseSync } from "oxc-parser";

/** The public names of a package. */
export interface PublicNames {
  /** Import paths: the package's name, and each entry. */
  readonly entries: ReadonlySet<string>;
  /** Names that an entry exports. */
  readonly exported: ReadonlySet<string>;
  /** Code of the package. It declares the fields of exported types, and the names of events. */
  readonly code: string;
}

/** Returns the names that a file exports, and those that it exports from others with `export *`. */
function exportsOf(path: string): string[] {
  const { module } = parseSync(path, readFileSync(path, "utf8"));
  return module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ exportName, moduleRequest }) => {
      if (exportName.name !== null) return [exportName.name];
      return moduleRequest?.value.startsWith(".") ? exportsOf(join(dirname(path), moduleRequest.value)) : [];
    }),
  );
}

/**
 * Reads the public names of the package in a folder.
 *
 * @throws {Error} when the source of an entry is not found.
 */
export function readPublicNames(folder: string): PublicNames {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    readonly name: string;
    readonly exports: Readonly<Record<string, string | object>>;
  };
  const entries = Object.keys(manifest.exports).filter((entry) => !entry.endsWith(".json"));
  const sources = entries.map((entry) => {
    const name = entry === "." ? "index" : entry.slice(2);
    const source = [`src/${name}.ts`, `src/generated/${name}.gen.ts`].find((path) => existsSync(join(folder, path)));
    if (source === undefined) throw new Error(`source of ${manifest.name} ${entry} not found`);
    return join(folder, source);
  });
  const files = globSync("src/**/*.ts", { cwd: folder, exclude: ["src/generated/**"] });
  return {
    entries: new Set(entries.map((entry) => manifest.name + entry.slice(1))),
    exported: new Set(sources.flatMap(exportsOf)),
    code: files.map((path) => readFileSync(join(folder, path), "utf8")).join("\n"),
  };
}

/** Returns the names in the code spans of a changeset that its package does not have. */
export function unknownNames(changeset: string, { entries, exported, code }: PublicNames): string[] {
  const isField = (name: string): boolean => new RegExp(`^\\s*(?:readonly )?${name}\\??[:(]`, "m").test(code);
  return [...changeset.matchAll(/`([^`]+)`/g)].flatMap(([, span]) => {
    const text = span!;
    if (text.startsWith("@ghl-edge/")) return entries.has(text) ? [] : [text];
    if (/^[a-z_]+\.[a-z\d_]+$/.test(text)) return code.includes(`"${text}"`) ? [] : [text];
    // Other words are commands, options of commands, headers or values.
    const names = [...text.matchAll(/[A-Za-z]\w*(?=\()|\b\w*[a-z][A-Z]\w*/g)].map(([name]) => name);
    return names.filter((name) => !exported.has(name) && !isField(name));
  });
}
