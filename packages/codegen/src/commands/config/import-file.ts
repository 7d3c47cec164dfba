import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * The default export of a module on the disk. Node 22.18 and later strip the types of a file that is an ES module by its
 * name or its package. Everywhere else the compiler that this package carries translates the file first.
 */
export async function importFile(file: string): Promise<unknown> {
  if (!needsTranslation(file)) return defaultOf(await import(pathToFileURL(file).href));
  const { default: ts } = await import("typescript");
  const { outputText } = ts.transpileModule(readFileSync(file, "utf8"), {
    fileName: file,
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, verbatimModuleSyntax: true },
  });
  // it stands beside the original for as long as it loads, so that relative imports and packages are found
  const translated = `${file}.${process.pid}.mjs`;
  try {
    writeFileSync(translated, outputText);
    return defaultOf(await import(pathToFileURL(translated).href));
  } finally {
    rmSync(translated, { force: true });
  }
}

function needsTranslation(file: string): boolean {
  if (!/\.m?ts$/.test(file)) return false;
  const stripsTypes = (process.features as { typescript?: unknown }).typescript;
  return !stripsTypes || (file.endsWith(".ts") && packageTypeOf(file) !== "module");
}

/** `type` of the nearest package.json. Without it Node would first read the file as CommonJS, or warn. */
function packageTypeOf(file: string): unknown {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const manifest = join(folder, "package.json");
    if (existsSync(manifest)) return (JSON.parse(readFileSync(manifest, "utf8")) as { type?: unknown }).type;
    if (folder === dirname(folder)) return undefined;
  }
}

function defaultOf(module: { default?: unknown }): unknown {
  return module.default;
}
