import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

function typeScriptFiles(path: string): string[] {
  if (!existsSync(path)) return [];
  if (statSync(path).isDirectory()) return readdirSync(path).flatMap((name) => typeScriptFiles(join(path, name)));
  return path.endsWith(".ts") ? [path] : [];
}

/** Counts the type `any` in the TypeScript below these paths; `undefined` when there is no TypeScript. */
export function countAny(paths: readonly string[]): number | undefined {
  const files = paths.flatMap(typeScriptFiles);
  let count = 0;
  const visit = (node: ts.Node): void => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) count++;
    ts.forEachChild(node, visit);
  };
  for (const file of files) visit(ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2023));
  return files.length === 0 ? undefined : count;
}
