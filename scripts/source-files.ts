/** What the rule programs read: the workspace's hand-written and generated TypeScript, and the imports in it. */
import { globSync, readFileSync } from "node:fs";
import { sep } from "node:path";

/** One import or re-export of a file. */
export interface Import {
  readonly specifier: string;
  /** `import type` / `export type`, which leaves nothing at run time. */
  readonly typeOnly: boolean;
  readonly line: number;
}

/** One TypeScript file; `path` is relative to the root, with `/`. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

const importPattern =
  /\b(?:(import|export)\s+(type\s+)?(?:[\w*\s{},$]+?\s+from\s+)?|import\s*\(\s*)["']([^"'\n]+)["']/g;

/** Removes comments, so that an example in a docstring is not read as code; keeps line numbers. */
export function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, " "))
    .replace(/(^|[\s;{}(),])\/\/[^\n]*/g, "$1");
}

/** The imports of a TypeScript text, in order. */
export function importsOf(text: string): Import[] {
  const code = withoutComments(text);
  return [...code.matchAll(importPattern)].map((match) => ({
    specifier: match[3]!,
    typeOnly: match[2] !== undefined,
    line: code.slice(0, match.index).split("\n").length,
  }));
}

/** Every TypeScript file git would hold below packages, apps, bench and scripts. */
export function readSourceFiles(root: string): SourceFile[] {
  const ignored = new Set(["node_modules", "dist", ".turbo", ".wrangler", "__snapshots__", "fixtures"]);
  return (
    globSync("{packages,apps,bench,scripts}/**/*.{ts,mts}", {
      cwd: root,
      exclude: (path) => path.split(sep).some((part) => ignored.has(part)),
    })
      .map((path) => path.split(sep).join("/"))
      // the rules' own tests hold breaches as data
      .filter((path) => !path.startsWith("scripts/test/"))
      .sort()
      .map((path) => {
        const text = readFileSync(`${root}/${path}`, "utf8");
        return { path, text, imports: importsOf(text) };
      })
  );
}
