/** R0: at most three positional parameters; a fourth belongs into an object, whose members are named where it is called. */
import { parseSync } from "oxc-parser";
import type { Finding } from "./rules.ts";

const MAX_PARAMETERS = 3;
const FUNCTIONS = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);

interface Node {
  readonly type: string;
  readonly start: number;
  readonly params?: readonly { readonly type: string; readonly name?: string }[];
  readonly [member: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";

/** The caller decides the parameters of a callback, such as `JSON.parse` or `String.prototype.replace`. */
const CALLS = new Set(["CallExpression", "NewExpression"]);

function* functionsOf(node: Node, isArgument: boolean): Generator<Node> {
  if (FUNCTIONS.has(node.type) && !isArgument) yield node;
  for (const [member, value] of Object.entries(node)) {
    const isGiven = CALLS.has(node.type) && member === "arguments";
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) yield* functionsOf(child, isGiven);
  }
}

/** Functions, methods and constructors of a file with more parameters than three; `this` is none. */
export function tooManyParameters(path: string, text: string): Finding[] {
  const { program } = parseSync(path, text);
  return [...functionsOf(program as unknown as Node, false)].flatMap(({ params = [], start }) => {
    const count = params.filter(({ name }) => name !== "this").length;
    if (count <= MAX_PARAMETERS) return [];
    const line = text.slice(0, start).split("\n").length;
    return [
      { rule: "R0", path, line, message: `${count} positional parameters; at most ${MAX_PARAMETERS}, then an object` },
    ];
  });
}
