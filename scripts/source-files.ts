/** Reads the workspace's TypeScript, hand-written and generated, and the imports in it, for the rule programs. */
import { globSync, readFileSync } from "node:fs";
import { sep } from "node:path";
import { parseSync } from "oxc-parser";

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
  /** The text with its comments blanked out, line for line. */
  readonly code: string;
  readonly imports: readonly Import[];
}

/** Parses one file, so that strings and comments that look like imports are not taken for some. */
export function parse(path: string, text: string): SourceFile {
  const { module, comments } = parseSync(path, text);
  const lineAt = (offset: number): number => text.slice(0, offset).split("\n").length;
  const imports = [
    ...module.staticImports.map(({ start, moduleRequest, entries }) => ({
      specifier: moduleRequest.value,
      typeOnly: entries.length > 0 && entries.every(({ isType }) => isType),
      line: lineAt(start),
    })),
    ...module.staticExports.flatMap(({ start, entries }) => {
      const from = entries.find(({ moduleRequest }) => moduleRequest)?.moduleRequest;
      return from
        ? [{ specifier: from.value, typeOnly: entries.every(({ isType }) => isType), line: lineAt(start) }]
        : [];
    }),
    ...module.dynamicImports.flatMap(({ start, moduleRequest }) => {
      const literal = /^(["'])(.*)\1$/.exec(text.slice(moduleRequest.start, moduleRequest.end));
      return literal ? [{ specifier: literal[2]!, typeOnly: false, line: lineAt(start) }] : [];
    }),
  ].sort((a, b) => a.line - b.line);
  let code = text;
  for (const { start, end } of comments)
    code = code.slice(0, start) + code.slice(start, end).replace(/[^\n]/g, " ") + code.slice(end);
  return { path, text, code, imports };
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
      .map((path) => parse(path, readFileSync(`${root}/${path}`, "utf8")))
  );
}
