/** The names of tests and of their groups. */
import { parseSync } from "oxc-parser";
import { groupFault, sentenceFault } from "./verbs.ts";

/** A name in a list of failures is read at one look. */
const MAX_WORDS = 25;

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [member: string]: unknown;
}

/** One name of a test file. */
export interface TestName {
  readonly kind: "test" | "group";
  /** Line on which the name stands, from 1. */
  readonly line: number;
  /** The name; `{}` stands for what is put in. */
  readonly text: string;
  /** Position of the string in the file, with its quotes. */
  readonly start: number;
  readonly end: number;
  /** End of the call that it names. */
  readonly bodyEnd: number;
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";

function* nodesOf(node: Node): Generator<Node> {
  yield node;
  for (const value of Object.values(node))
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) yield* nodesOf(child);
}

/** `it`, also of `it.each(rows)`, `it.skipIf(condition)` and `it.for(rows)`. */
function rootOf(callee: Node): string | undefined {
  switch (callee.type) {
    case "Identifier":
      return callee.name as string;
    case "MemberExpression":
      return rootOf(callee.object as Node);
    case "CallExpression":
      return rootOf(callee.callee as Node);
    case "TaggedTemplateExpression":
      return rootOf(callee.tag as Node);
    default:
      return undefined;
  }
}

function textOf(node: Node): string | undefined {
  if (node.type === "Literal") return typeof node.value === "string" ? node.value : undefined;
  if (node.type === "TemplateLiteral")
    return (node.quasis as readonly { value: { cooked: string } }[]).map(({ value }) => value.cooked).join("{}");
  return undefined;
}

const KINDS: Readonly<Record<string, TestName["kind"]>> = { it: "test", test: "test", describe: "group" };

/** All names of a test file, in the order of the file. */
export function testNamesOf(path: string, text: string): TestName[] {
  const { program } = parseSync(path, text);
  return [...nodesOf(program as unknown as Node)]
    .flatMap((node): TestName[] => {
      if (node.type !== "CallExpression") return [];
      const kind = KINDS[rootOf(node.callee as Node) ?? ""];
      const [name, body] = node.arguments as readonly Node[];
      if (kind === undefined || name === undefined || body === undefined) return [];
      const said = textOf(name);
      if (said === undefined) return [];
      const line = text.slice(0, name.start).split("\n").length;
      return [{ kind, line, text: said, start: name.start, end: name.end as number, bodyEnd: node.end as number }];
    })
    .sort((a, b) => a.start - b.start);
}

/** Words of a name; code and what is put in are one noun each. */
const wordsOf = (text: string): string[] =>
  text
    .split(/\s+/)
    .map((word) => word.replace(/^["'(`]+|[.,;:!?"')`]+$/g, ""))
    .filter((word) => word !== "");

/** What is wrong with a name; rule 7 of the voice: a test's name is a sentence that stands alone in a list of failures. */
export function testNameFault({ kind, text }: Pick<TestName, "kind" | "text">): string | undefined {
  if (kind === "group") return groupFault(wordsOf(text));
  const sentence = text.replace(/^[^\s:]+: (?=\S)/, "");
  const fault = sentenceFault(wordsOf(sentence));
  if (fault === "has no subject") {
    // `after a restart, the token is read` has a subject behind the comma
    const main =
      /^(?:after|before|during|while|when|if|in|with|without|at|under|for|by|on|as|once)\b[^,:]*, (.*)$/i.exec(
        sentence,
      )?.[1];
    if (main !== undefined && sentenceFault(wordsOf(main)) === undefined) return undefined;
  }
  if (fault !== undefined) return fault;
  const count = wordsOf(text).length;
  return count > MAX_WORDS ? `has ${count} words` : undefined;
}
