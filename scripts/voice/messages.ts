/** The messages that errors are made with. */
import { parseSync } from "oxc-parser";

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [member: string]: unknown;
}

/** One message of a source file; `{}` stands for what is put in. */
export interface Message {
  readonly line: number;
  readonly text: string;
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";

function* nodesOf(node: Node): Generator<Node> {
  yield node;
  for (const value of Object.values(node))
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) yield* nodesOf(child);
}

/** Texts that an expression can be: literals, templates, sums, and both sides of a condition. */
function textsOf(node: Node | undefined): string[] {
  switch (node?.type) {
    case "Literal":
      return typeof node.value === "string" ? [node.value] : [];
    case "TemplateLiteral":
      return [(node.quasis as readonly { value: { cooked: string } }[]).map(({ value }) => value.cooked).join("{}")];
    case "BinaryExpression": {
      const [left] = textsOf(node.left as Node);
      const [right] = textsOf(node.right as Node);
      return left === undefined && right === undefined ? [] : [`${left ?? "{}"}${right ?? "{}"}`];
    }
    case "ConditionalExpression":
      return [...textsOf(node.consequent as Node), ...textsOf(node.alternate as Node)];
    case "LogicalExpression":
      return textsOf(node.right as Node);
    default:
      return [];
  }
}

/** Messages of all errors that a file makes: the first argument of a class whose name ends in `Error`. */
export function messagesOf(path: string, text: string): Message[] {
  const { program } = parseSync(path, text);
  return [...nodesOf(program as unknown as Node)].flatMap((node) => {
    if (node.type !== "NewExpression") return [];
    const callee = node.callee as Node;
    if (callee.type !== "Identifier" || !/Error$/.test(callee.name as string)) return [];
    const line = text.slice(0, node.start).split("\n").length;
    const messages = (node.arguments as readonly Node[])
      .flatMap((argument) => textsOf(argument))
      .filter((said) => /\s/.test(said));
    return messages.slice(0, 1).map((said) => ({ line, text: said }));
  });
}
