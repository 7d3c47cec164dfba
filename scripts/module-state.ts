/** R8: no module keeps state, neither in a variable nor in an object or closure that functions change. */
import { parseSync } from "oxc-parser";

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [member: string]: unknown;
}
interface State {
  readonly line: number;
  readonly message: string;
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";

function* nodesOf(node: Node): Generator<Node> {
  yield node;
  for (const value of Object.values(node))
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) yield* nodesOf(child);
}

const MUTATING = new Set([
  "push",
  "pop",
  "shift",
  "unshift",
  "splice",
  "set",
  "add",
  "delete",
  "clear",
  "fill",
  "append",
]);
/** Calls that make something with state: an instance by our naming rule, or a memory of earlier calls. */
const STATEFUL_CALL = /^(create|memo|once|cache|lazy)[A-Z]?/;
const isFunction = (node: Node): boolean =>
  /Function(Declaration|Expression)$|^ArrowFunctionExpression$/.test(node.type);

/** Name of the variable that `a.b.c` or `a[b]` begins with. */
function rootOf(node: unknown): string | undefined {
  let at = node;
  while (isNode(at) && at.type === "MemberExpression") at = at.object;
  return isNode(at) && at.type === "Identifier" ? (at.name as string) : undefined;
}

/** Name of the variable whose value this node changes. */
function changedBy(node: Node): string | undefined {
  const target = (member: string): unknown => node[member];
  switch (node.type) {
    case "AssignmentExpression":
      return rootOf(target("left"));
    case "UpdateExpression":
      return rootOf(target("argument"));
    case "UnaryExpression":
      return node.operator === "delete" ? rootOf(target("argument")) : undefined;
    case "CallExpression": {
      const callee = target("callee");
      if (!isNode(callee) || callee.type !== "MemberExpression") return undefined;
      const property = callee.property as Node & { readonly name?: string };
      return property.name !== undefined && MUTATING.has(property.name) ? rootOf(callee.object) : undefined;
    }
    default:
      return undefined;
  }
}

/** Variables at the top of a module, with what they are given. */
function variablesOf(
  program: Node,
): Map<string, { readonly start: number; readonly init: Node | undefined; readonly kind: string }> {
  const found = new Map<string, { start: number; init: Node | undefined; kind: string }>();
  for (const statement of program.body as readonly Node[]) {
    const declaration = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    if (!isNode(declaration) || declaration.type !== "VariableDeclaration") continue;
    for (const { id, init } of declaration.declarations as readonly { id: Node; init: Node | null }[])
      if (id.type === "Identifier")
        found.set(id.name as string, {
          start: id.start,
          init: init ?? undefined,
          kind: declaration.kind as string,
        });
  }
  return found;
}

/** Whether an object literal holds an empty weak map or set, which something will fill. An empty map or set can be a constant. */
function holdsState(init: Node | undefined): boolean {
  if (init?.type !== "ObjectExpression") return false;
  const isEmptyCollection = (value: Node | undefined): boolean =>
    value?.type === "NewExpression" &&
    (value.arguments as readonly unknown[]).length === 0 &&
    /^Weak(Map|Set)$/.test(calleeName(value));
  return (init.properties as readonly { readonly value?: Node }[]).some(({ value }) => isEmptyCollection(value));
}

const calleeName = ({ callee }: Node): string => String((callee as { readonly name?: string }).name);

/** Whether it is made by a call that gives something with state, or by a function that is called at once. */
function isStatefulCall(init: Node | undefined): boolean {
  if (init?.type !== "CallExpression") return false;
  const called = init.callee as Node;
  const callee = called.type === "ParenthesizedExpression" ? (called.expression as Node) : called;
  if (isFunction(callee)) return true;
  return callee.type === "Identifier" && STATEFUL_CALL.test(callee.name as string);
}

/** Names of the variables that a function of the module changes. */
function changedByFunctions(program: Node, variables: ReadonlyMap<string, unknown>): Set<string> {
  const changed = new Set<string>();
  for (const node of nodesOf(program))
    if (isFunction(node))
      for (const inner of nodesOf(node)) {
        const name = changedBy(inner);
        if (name !== undefined && variables.has(name)) changed.add(name);
      }
  return changed;
}

/** Every variable of a program that its functions change. The main line of a program may change its own. */
export function programState(path: string, text: string): State[] {
  const program = parseSync(path, text).program as unknown as Node;
  const variables = variablesOf(program);
  const changed = changedByFunctions(program, variables);
  return [...changed].map((name) => ({
    line: text.slice(0, variables.get(name)!.start).split("\n").length,
    message: `state at module level: functions change ${name}`,
  }));
}

/** Every variable of a module that keeps state between calls. */
export function moduleState(path: string, text: string): State[] {
  const program = parseSync(path, text).program as unknown as Node;
  const variables = variablesOf(program);
  const changed = changedByFunctions(program, variables);
  return [...variables].flatMap(([name, { start, init, kind }]) => {
    const line = text.slice(0, start).split("\n").length;
    if (kind !== "const") return [{ line, message: `mutable state at module level: ${kind} ${name}` }];
    if (changed.has(name)) return [{ line, message: `state at module level: functions change ${name}` }];
    return isStatefulCall(init) || holdsState(init)
      ? [{ line, message: `state at module level: ${name} is made by a call that keeps some` }]
      : [];
  });
}
