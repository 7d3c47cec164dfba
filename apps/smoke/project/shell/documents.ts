/** The shell of all documents: blocks, and commands of ours that a sentence names. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../packages.ts";
import { parseShell, type ShellLine } from "./parse.ts";

/** One line of shell in a document. */
export interface DocumentLine extends ShellLine {
  /** `apps/gateway/README.md:423`: what a failing test names. */
  readonly position: string;
  /** Path of the document, relative to the root. */
  readonly path: string;
  /** Whether it stands in a block, where it is to be copied, and not in a sentence. */
  readonly isBlock: boolean;
}

const DOCUMENTS = ["*.md", "docs/**/*.md", "{apps,packages}/*/*.md", "{apps,packages}/*/test/*.md", "bench/*.md"];
const LINE = /^```(\w*)[^\n]*\n([\s\S]*?)^```$/gm;
const NAMED = /`((?:npx )?(?:ghl-codegen|ghl-emulator|npm|pnpm|wrangler) [^`\n]+)`/g;

/** The lines of one document. */
export function linesOf(path: string, document: string): DocumentLine[] {
  const lineAt = (index: number): number => document.slice(0, index).split("\n").length;
  const blocks = [...document.matchAll(LINE)].flatMap(({ index, 1: language, 2: text }) =>
    /^(sh|bash|shell|console)$/.test(language!)
      ? parseShell(text!).map((line) => ({
          ...line,
          path,
          isBlock: true,
          position: `${path}:${lineAt(index) + 1 + line.line}`,
        }))
      : [],
  );
  // Blocks are blanked out, so that lines keep their numbers.
  const prose = document.replaceAll(LINE, (block) => block.replaceAll(/[^\n]/g, " "));
  const named = [...prose.matchAll(NAMED)].flatMap(({ index, 1: text }) =>
    parseShell(text!).map((line) => ({ ...line, path, isBlock: false, position: `${path}:${lineAt(index)}` })),
  );
  return [...blocks, ...named];
}

/** The lines of every document of the repository. */
export function findLines(): DocumentLine[] {
  return globSync(DOCUMENTS, { cwd: ROOT })
    .filter((path) => !/node_modules|CHANGELOG/.test(path))
    .sort()
    .flatMap((path) => linesOf(path, readFileSync(join(ROOT, path), "utf8")));
}
