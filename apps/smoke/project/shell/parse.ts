/** Reads the shell of documents: what POSIX shells, section 2.3, call tokens, as far as examples use them. */

/** One logical line of a block, which may span several lines of the document. */
export interface ShellLine {
  /** As it stands in the document, without the comment at its end. */
  readonly text: string;
  /** From 0, counted from the first line of the block. */
  readonly line: number;
  /** The commands in it in order, those of `$(…)` included: words without their quotes, without assignments and redirections. */
  readonly commands: readonly (readonly string[])[];
}

const ASSIGNMENT = /^[A-Za-z_]\w*=/;
const SEPARATORS = ["&&", "||", "|", ";", "&"];

/** Commands of one text without line breaks outside of quotes. */
function commandsOf(text: string): string[][] {
  const commands: string[][] = [];
  let words: string[] = [];
  let word: string | undefined;
  const endWord = (): void => {
    if (word !== undefined && !(words.length === 0 && ASSIGNMENT.test(word))) words.push(word);
    word = undefined;
  };
  const endCommand = (): void => {
    endWord();
    if (words.length > 0) commands.push(words);
    words = [];
  };
  for (let at = 0; at < text.length; at++) {
    const rest = text.slice(at);
    const separator = SEPARATORS.find((sign) => rest.startsWith(sign));
    const quoted = /^'([^']*)'|^"((?:[^"\\]|\\[\s\S])*)"/.exec(rest);
    const substitution = /^\$\(([^()]*)\)/.exec(rest);
    const redirection = /^\d*(?:>>?|<)(?:&\d|\s*[^\s;&|]+)/.exec(rest);
    if (quoted) {
      word = (word ?? "") + (quoted[1] ?? quoted[2] ?? "");
      at += quoted[0].length - 1;
    } else if (substitution) {
      commands.push(...commandsOf(substitution[1]!));
      word = (word ?? "") + substitution[0];
      at += substitution[0].length - 1;
    } else if (redirection && word === undefined) {
      at += redirection[0].length - 1;
    } else if (separator) {
      endCommand();
      at += separator.length - 1;
    } else if (/\s/.test(text[at]!)) endWord();
    else word = (word ?? "") + text[at];
  }
  endCommand();
  return commands;
}

/** The logical lines of a block; comments and empty lines are none. */
export function parseShell(block: string): ShellLine[] {
  const lines: ShellLine[] = [];
  let at = 0;
  while (at < block.length) {
    // Quotes, escaped line breaks, and everything else up to the end of the line or to a comment.
    const [matched] = /^(?:'[^']*'|"(?:[^"\\]|\\[\s\S])*"|\\[\s\S]|(?<=\S)#|[^'"\\\n#])*/.exec(block.slice(at))!;
    const rest = block.slice(at + matched.length);
    const line = block.slice(0, at).split("\n").length - 1;
    const text = matched.replaceAll(/\\\n\s*/g, " ").trim();
    if (text !== "") lines.push({ text, line, commands: commandsOf(text) });
    at += matched.length + (rest.indexOf("\n") < 0 ? rest.length : rest.indexOf("\n") + 1);
    if (matched.length === 0 && rest === "") break;
  }
  return lines;
}
