/** The rules of docs/glossary.md and of our prose as functions of one file. */
import { parseSync } from "oxc-parser";
import { type Message, MessageFinder } from "./messages.ts";
import { indexModules } from "./module-index.ts";
import { type Prose, proseOfDocument, proseOfSource } from "./prose.ts";
import { testNameFault, testNamesOf } from "./test-names.ts";
import { WORDS } from "./words.ts";

/** One breach of the voice. */
export interface Finding {
  readonly rule: "sentence" | "comment" | "word" | "message" | "test-name";
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/** Readers of a second language lose a longer sentence. */
const MAX_WORDS = 35;
/** Beginnings of comments that are fragments: their subject would be the name below, or they have no verb. */
const FRAGMENT =
  /^(?:(?:Ends|Undefined|None):|(?:Of|What|Who|Whoever|Whom|Whose|Where|Which|How|Why|Told|Asked|Those|All that|As|By|From|In|With|Without|Not|So|Nobody|Else)\b(?!\?))/;
/** Questions and words of a command are no fragments. */
const isFragment = ({ text }: Prose): boolean =>
  FRAGMENT.test(text) && !/^\S+ [^.]*\?/.test(text) && !isSubordinate(text);
/** `As X does, Y is …` and `In X, Y is …` have a main clause. */
const isSubordinate = (text: string): boolean => /^(As|By|From|In|With|Without|Where) [^.;:]*, \S+ .*\S/.test(text);

const words = (sentence: string): number => sentence.split(/\s+/).filter((word) => /[A-Za-z0-9]/.test(word)).length;

function sentences(text: string): string[] {
  return text.split(/(?<=[.!?:])\)?\s+(?=[A-Z`"'(\d]|code\b)|(?<=[.!?])\s+/);
}

/** Verbs that our messages are made with; one without any is a fragment. */
const VERB =
  /^(name|give) |\b(must|cannot|could|did|does|do|is|are|was|were|has|have|had|failed|found|unknown|needs?|takes?|took|answers|answered|may|refuses?|excludes?|belongs?|go|says?|gives?|gave|came|follows?|comes?|points?|leads?|names|generates?|exists?|repeats?|threw|throws?|match|ended|differs?)\b/;
/** Names that a message may begin with; every other begins in lower case, because it follows a path or a code. */
const PROPER_NAME = /^(HighLevel|Cloudflare|Node|OpenAPI|JSON|YAML|HTTP|URL|ID)\b/;

/** A message that another one follows, which has the verb: `auth: {}`, `the body {}`. */
const QUOTED = /^[\w.]+( \w+)?:? \{\}$/;

/** What is wrong with the grammar of an error message; the examples of docs/glossary.md, "Messages", are its rule. */
export function messageFault(text: string, form: Message["form"] = "message"): string | undefined {
  if (!/[a-z]{2}/i.test(text.replaceAll("{}", ""))) return undefined;
  if (form === "message" && /[^.]\.$/.test(text)) return "ends in a full stop";
  if (form === "message" && /^[A-Z][a-z]/.test(text) && !PROPER_NAME.test(text)) return "begins with a capital";
  if (/^(every|each|one|any) /.test(text) && !/\bmust\b/.test(text)) return "states a rule instead of the fault";
  const negated = /\b(is|are) (no|none|nobody|nothing)\b(?! longer)/.exec(text);
  if (negated !== null) return `says "${negated[0]}" instead of what it must be`;
  return VERB.test(text) || QUOTED.test(text) ? undefined : "has no verb";
}

/** Code without comments and, line for line, without the specifiers of imports. */
function codeOf(path: string, text: string): string {
  let code = text;
  for (const { start, end } of parseSync(path, text).comments)
    code = code.slice(0, start) + code.slice(start, end).replace(/[^\n]/g, " ") + code.slice(end);
  return code;
}

/** Reads the sources that a file's messages can go through. */
export const finderOf = (files: Iterable<readonly [path: string, text: string]>): MessageFinder =>
  new MessageFinder(indexModules(files));

const SOURCE = /^packages\/[^/]+\/src\/.*\.tsx?$/;
/** Whether the messages of a file are held to the grammar. */
export const hasMessages = (path: string): boolean => SOURCE.test(path);

/**
 * Everything that a file says against the rules.
 *
 * @param finder - Knows the other sources, so that a message is followed into functions of other files
 */
export function checkVoice(path: string, text: string, finder?: MessageFinder): Finding[] {
  const isDocument = path.endsWith(".md");
  const isSql = path.endsWith(".sql");
  const prose = isDocument ? proseOfDocument(text) : isSql ? [] : proseOfSource(path, text);
  const found: Finding[] = [];
  for (const part of prose) {
    for (const sentence of sentences(part.text)) {
      const count = words(sentence);
      if (count > MAX_WORDS)
        found.push({ rule: "sentence", path, line: part.line, message: `${count} words: ${sentence.slice(0, 60)}…` });
    }
    if (part.kind === "comment" && isFragment(part))
      found.push({ rule: "comment", path, line: part.line, message: `has no verb: ${part.text.slice(0, 60)}` });
  }
  if (hasMessages(path))
    for (const { line, text: message, form } of (finder ?? finderOf([[path, text]])).messagesOf(path)) {
      const fault = messageFault(message, form);
      if (fault !== undefined)
        found.push({ rule: "message", path, line, message: `${fault}: ${message.slice(0, 60)}` });
    }
  if (/\.test\.tsx?$/.test(path))
    for (const name of testNamesOf(path, text)) {
      const fault = testNameFault(name);
      if (fault !== undefined)
        found.push({ rule: "test-name", path, line: name.line, message: `${fault}: ${name.text.slice(0, 60)}` });
    }
  const names = isDocument ? "" : isSql ? text : codeOf(path, text);
  for (const { pattern, use, in: area, below } of WORDS) {
    if (below !== undefined && !below.some((start) => path.startsWith(start))) continue;
    (area === "names" ? names : text).split("\n").forEach((line, index) => {
      const match = pattern.exec(line);
      if (match !== null) found.push({ rule: "word", path, line: index + 1, message: `"${match[0]}": use ${use}` });
    });
  }
  return found;
}
