/** Where a file has prose: paragraphs of a document, comments of a source file. */
import { parseSync } from "oxc-parser";

/** One paragraph, list item, table cell or comment, without its markup. */
export interface Prose {
  /** Line of its first word, from 1. */
  readonly line: number;
  readonly text: string;
  readonly kind: "document" | "comment";
}

/** Replaces what is no sentence: code becomes one word, a link its text. */
const withoutMarkup = (text: string): string =>
  text
    .replace(/`+[^`]*`+/g, "code")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/\{@link ([^}]*)\}/g, "$1")
    .replace(/[*_]{1,2}(?=\S)|(?<=\S)[*_]{1,2}/g, "");

/** Splits lines into paragraphs: a blank line, a list item, a heading and a table row each begin a new one. */
function paragraphs(lines: readonly (readonly [line: number, text: string])[], kind: Prose["kind"]): Prose[] {
  const found: { line: number; text: string }[] = [];
  let isOpen = false;
  for (const [line, raw] of lines) {
    const text = raw.trim();
    if (/^(```|~~~)/.test(text) || text === "") isOpen = false;
    else if (text.startsWith("|")) {
      for (const cell of text.split("|")) found.push({ line, text: cell.trim() });
      isOpen = false;
    } else if (isOpen && !/^([-*>#]|\d+\.|@\w+)\s/.test(text)) found.at(-1)!.text += ` ${text}`;
    else {
      found.push({ line, text: text.replace(/^([-*>]|#+|\d+\.)\s+/, "") });
      isOpen = !text.startsWith("#");
    }
  }
  return found
    .filter(({ text }) => /[A-Za-z]/.test(text))
    .map(({ line, text }) => ({ line, kind, text: withoutMarkup(text) }));
}

/** Blanks out fenced code and keeps the numbers of the lines. */
function outsideFences(lines: readonly string[]): string[] {
  let fence = false;
  return lines.map((line) => {
    const isFence = /^\s*(```|~~~)/.test(line);
    if (isFence) fence = !fence;
    return isFence || fence ? "" : line;
  });
}

/** The prose of a Markdown document. */
export function proseOfDocument(text: string): Prose[] {
  const lines = outsideFences(text.replace(/<!--[\s\S]*?-->/g, (comment) => comment.replace(/[^\n]/g, "")).split("\n"));
  return paragraphs(
    lines.map((line, index) => [index + 1, line] as const),
    "document",
  );
}

const DIRECTIVE = /^\s*(@ts-|biome-ignore|<reference|#)/;

/** The prose in a source file's comments; line comments that follow each other are one text. */
export function proseOfSource(path: string, text: string): Prose[] {
  const { comments } = parseSync(path, text);
  const lineAt = (offset: number): number => text.slice(0, offset).split("\n").length;
  const blocks: (readonly [number, string])[][] = [];
  let before = { end: -1, isLine: false };
  for (const { type, value, start, end } of comments) {
    if (DIRECTIVE.test(value)) continue;
    const line = lineAt(start);
    const isLine = type === "Line";
    const lines = outsideFences(value.split("\n").map((part) => part.replace(/^\s*\*+ ?/, "")));
    const numbered = lines.map((part, index) => [line + index, part] as const);
    const follows = isLine && before.isLine && /^\s*$/.test(text.slice(before.end, start));
    if (follows) blocks.at(-1)!.push(...numbered);
    else blocks.push(numbered);
    before = { end, isLine };
  }
  return blocks.flatMap((lines) => paragraphs(withoutExamples(lines), "comment"));
}

/** Drops what stands below `@example`, which is code, up to the next tag. */
function withoutExamples(lines: readonly (readonly [number, string])[]): (readonly [number, string])[] {
  let isExample = false;
  return lines.filter(([, text]) => {
    if (/^\s*@\w+/.test(text)) isExample = /^\s*@example\b/.test(text);
    return !isExample;
  });
}
