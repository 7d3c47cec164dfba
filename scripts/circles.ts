import { posix } from "node:path";
import type { Finding } from "./rules.ts";
import type { SourceFile } from "./source-files.ts";

type Source = Pick<SourceFile, "path" | "imports">;

/** Files that each file imports by a relative path, types included. */
function importsOf(files: readonly Source[]): ReadonlyMap<string, readonly string[]> {
  const known = new Set(files.map(({ path }) => path));
  return new Map(
    files.map(({ path, imports }) => {
      const targets = imports
        .filter(({ specifier }) => specifier.startsWith("."))
        .map(({ specifier }) => posix.join(posix.dirname(path), specifier))
        .filter((target) => known.has(target));
      return [path, targets];
    }),
  );
}

/**
 * Groups of files of which each reaches every other by imports.
 *
 * @see https://doi.org/10.1137/0201010 (Tarjan, depth-first search and linear graph algorithms)
 */
function circlesOf(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const circles: string[][] = [];

  function visit(node: string): void {
    index.set(node, index.size);
    low.set(node, index.get(node)!);
    stack.push(node);
    for (const target of graph.get(node) ?? []) {
      if (!index.has(target)) {
        visit(target);
        low.set(node, Math.min(low.get(node)!, low.get(target)!));
      } else if (stack.includes(target)) low.set(node, Math.min(low.get(node)!, index.get(target)!));
    }
    if (low.get(node) !== index.get(node)) return;
    const group = stack.splice(stack.indexOf(node));
    if (group.length > 1) circles.push(group.sort());
  }

  for (const node of graph.keys()) if (!index.has(node)) visit(node);
  return circles;
}

/** R0: no import circle anywhere, types included. One finding for each circle, at its first file. */
export function checkCircles(files: readonly Source[]): Finding[] {
  return circlesOf(importsOf(files)).map((circle) => ({
    rule: "R0",
    path: circle[0]!,
    line: 1,
    message: `is in an import circle: ${circle.join(", ")}`,
  }));
}
