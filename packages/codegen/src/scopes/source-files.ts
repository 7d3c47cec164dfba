import { readdirSync, readFileSync, statSync } from "node:fs";
import { isAbsolute, join, relative } from "node:path";
import { UnreadableFileError } from "../errors.ts";

export interface SourceFile {
  /** Relative to the current folder, with `/`. */
  readonly path: string;
  readonly text: string;
}

const SOURCE = /(?<!\.d)\.[cm]?[jt]sx?$/;
const SKIPPED = new Set(["node_modules", ".git", "dist"]);

/** Files, folders and globs (`src/**` + `/*.ts`), as a shell leaves them when it does not expand them itself. */
export function readSources(cwd: string, patterns: readonly string[]): SourceFile[] {
  const paths = new Set(patterns.flatMap((pattern) => expand(cwd, pattern)));
  return [...paths].sort().map((path) => ({ path, text: readFileSync(join(cwd, path), "utf8") }));
}

function expand(cwd: string, pattern: string): string[] {
  const absolute = isAbsolute(pattern) ? pattern : join(cwd, pattern);
  const found = statSync(absolute, { throwIfNoEntry: false });
  const own = relative(cwd, absolute).replaceAll("\\", "/");
  if (found?.isFile() === true) return [own];
  const matches = found?.isDirectory() === true ? sourcesIn(cwd, own) : glob(cwd, own);
  if (matches.length === 0) throw new UnreadableFileError("source files not found", { file: pattern });
  return matches;
}

function glob(cwd: string, pattern: string): string[] {
  const literal = pattern.split("/").slice(0, -1);
  const magic = literal.findIndex((segment) => /[*?[{]/.test(segment));
  const base = (magic === -1 ? literal : literal.slice(0, magic)).join("/");
  if (!/[*?[{]/.test(pattern) || statSync(join(cwd, base), { throwIfNoEntry: false })?.isDirectory() !== true)
    return [];
  const test = globPattern(pattern);
  return sourcesIn(cwd, base).filter((path) => test.test(path));
}

/** `**` any folders, `*` and `?` within a name, `{a,b}` either. */
function globPattern(glob: string): RegExp {
  const source = glob.replace(/\*\*\/|\*\*|\*|\?|\{[^{}]*\}|[.+^$()|[\]\\{}]/g, (token) => {
    if (token === "**/") return "(?:.*/)?";
    if (token === "**") return ".*";
    if (token === "*") return "[^/]*";
    if (token === "?") return "[^/]";
    if (token.length > 1) return `(?:${token.slice(1, -1).split(",").map(literally).join("|")})`;
    return literally(token);
  });
  return new RegExp(`^${source}$`);
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function sourcesIn(cwd: string, folder: string): string[] {
  return readdirSync(join(cwd, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : sourcesIn(cwd, path);
    return SOURCE.test(entry.name) ? [path] : [];
  });
}
