/** Texts that an expression can be, as far as they are written in the sources. */
import {
  type FunctionNode,
  functionsNamed,
  isFunction,
  type Module,
  type ModuleIndex,
  methodsNamed,
  type Node,
  nameOf,
  nodesOf,
} from "./module-index.ts";

/** Argument of a function that becomes a part of a text: its index, and the member where it is an object. */
export interface Parameter {
  readonly index: number;
  readonly member?: string;
}

/** Parts of a text. `{}` stands for a value that no source says. */
export type Template = readonly (string | Parameter)[];

/** Names that mean something where an expression stands. */
export interface Scope {
  readonly module: Module;
  readonly index: ModuleIndex;
  readonly parameters: ReadonlyMap<string, Parameter>;
  /** Number of functions that were entered. */
  readonly depth: number;
}

/** Functions call each other at most so deep on the way to a message. */
const MAX_DEPTH = 5;
const HOLE = "{}";
/** Members of an object that are its message. */
const MESSAGE_MEMBERS: ReadonlySet<string | undefined> = new Set(["message", "problem"]);
const WRAPPERS = new Set([
  "TSAsExpression",
  "TSSatisfiesExpression",
  "TSNonNullExpression",
  "ParenthesizedExpression",
  "ChainExpression",
]);

/** Scope of the outermost level of a module. */
export const moduleScope = (module: Module, index: ModuleIndex): Scope => ({
  module,
  index,
  parameters: new Map(),
  depth: 0,
});

/** Scope inside a function: its parameters by name, those of destructured objects too. */
export function functionScope({ params, module }: FunctionNode, { index, depth }: Scope): Scope {
  const parameters = new Map<string, Parameter>();
  for (const [position, param] of params.entries()) {
    const target = param.type === "AssignmentPattern" ? (param.left as Node) : param;
    if (target.type === "Identifier") parameters.set(nameOf(target)!, { index: position });
    if (target.type !== "ObjectPattern") continue;
    for (const property of target.properties as readonly Node[]) {
      const key = nameOf(property.key as Node | undefined);
      const value = property.value as Node | undefined;
      const local = nameOf(value?.type === "AssignmentPattern" ? (value.left as Node) : value);
      if (key !== undefined && local !== undefined) parameters.set(local, { index: position, member: key });
    }
  }
  return { module, index, parameters, depth: depth + 1 };
}

/** Text of a template; parameters are holes. */
export const textOf = (template: Template): string =>
  template.map((part) => (typeof part === "string" ? part : HOLE)).join("");

/** The functions that a call reaches. */
export function calledBy(call: Node, { module, index }: Scope): readonly FunctionNode[] {
  const callee = call.callee as Node;
  if (callee.type === "Identifier") return functionsNamed(nameOf(callee)!, module, index);
  if (callee.type !== "MemberExpression" || callee.computed === true) return [];
  return methodsNamed(nameOf(callee.property as Node) ?? "", module, index);
}

/** Expressions that a function returns. */
export function returnsOf({ body }: FunctionNode): Node[] {
  if (body.type !== "BlockStatement") return [body];
  return [...nodesOf(body, (node) => !isFunction(node))]
    .filter((node) => node.type === "ReturnStatement" && node.argument !== null)
    .map((node) => node.argument as Node);
}

const propertiesOf = (object: Node): readonly Node[] =>
  (object.properties as readonly Node[]).filter(({ type }) => type === "Property");

/** Templates of a function's text with the arguments of a call in it. A template without any of its texts is left out. */
export function applied(templates: readonly Template[], call: Node, scope: Scope): Template[] {
  const args = call.arguments as readonly Node[];
  return templates.flatMap((template) =>
    template.reduce<Template[]>(
      (made, part) => {
        if (typeof part === "string") return made.map((start) => [...start, part]);
        const choices = argumentTexts(args[part.index], part.member, scope);
        const filled: readonly Template[] = choices.length === 0 ? [[HOLE]] : choices;
        return made.flatMap((start) => filled.map((choice) => [...start, ...choice]));
      },
      [[]],
    ),
  );
}

function argumentTexts(argument: Node | undefined, member: string | undefined, scope: Scope): Template[] {
  if (argument === undefined) return [];
  return member === undefined ? textsOf(argument, scope) : memberTexts(argument, member, scope);
}

/** Texts of a member of an expression: of an object as it is written, of a parameter, or of what a function returns. */
function memberTexts(object: Node, member: string | undefined, scope: Scope): Template[] {
  if (WRAPPERS.has(object.type)) return memberTexts(object.expression as Node, member, scope);
  if (object.type === "ObjectExpression")
    return propertiesOf(object)
      .filter(({ key }) => member === undefined || nameOf(key as Node) === member)
      .flatMap(({ value }) => textsOf(value as Node, scope));
  if (object.type === "Identifier") {
    const name = nameOf(object)!;
    const parameter = scope.parameters.get(name);
    if (parameter !== undefined)
      return member === undefined || parameter.member !== undefined ? [] : [[{ index: parameter.index, member }]];
    const value = scope.module.constants.get(name);
    return value === undefined || scope.depth >= MAX_DEPTH
      ? []
      : memberTexts(value, member, { ...scope, depth: scope.depth + 1 });
  }
  if (object.type !== "CallExpression" || scope.depth >= MAX_DEPTH) return [];
  return calledBy(object, scope).flatMap((one) => {
    const inner = functionScope(one, scope);
    const templates = returnsOf(one).flatMap((value) => memberTexts(value, member, inner));
    return applied(templates, object, scope);
  });
}

/** A part of a longer text: only a parameter is followed, everything else is a hole. */
function partOf(node: Node, scope: Scope): Template {
  const [found] = node.type === "Identifier" || node.type === "MemberExpression" ? textsOf(node, scope) : [];
  return found ?? [HOLE];
}

/** All texts that an expression can be; none where it is no text that the sources say. */
export function textsOf(node: Node | undefined, scope: Scope): Template[] {
  if (node === undefined || node === null) return [];
  if (WRAPPERS.has(node.type)) return textsOf(node.expression as Node, scope);
  switch (node.type) {
    case "Literal":
      return typeof node.value === "string" ? [[node.value]] : [];
    case "TemplateLiteral": {
      const texts = (node.quasis as readonly { value: { cooked: string } }[]).map(({ value }) => value.cooked);
      const values = (node.expressions as readonly Node[]).map((value) => partOf(value, scope));
      return [texts.flatMap((text, position) => [text, ...(values[position] ?? [])])];
    }
    case "BinaryExpression": {
      const [left] = textsOf(node.left as Node, scope);
      const [right] = textsOf(node.right as Node, scope);
      return left === undefined && right === undefined ? [] : [[...(left ?? [HOLE]), ...(right ?? [HOLE])]];
    }
    case "ConditionalExpression":
      return [...textsOf(node.consequent as Node, scope), ...textsOf(node.alternate as Node, scope)];
    case "LogicalExpression":
      return [...textsOf(node.left as Node, scope), ...textsOf(node.right as Node, scope)];
    case "Identifier": {
      const parameter = scope.parameters.get(nameOf(node)!);
      if (parameter !== undefined) return [[parameter]];
      const value = scope.module.constants.get(nameOf(node)!);
      return scope.depth >= MAX_DEPTH ? [] : textsOf(value, { ...scope, depth: scope.depth + 1 });
    }
    case "MemberExpression":
      return memberTexts(
        node.object as Node,
        node.computed === true ? undefined : nameOf(node.property as Node),
        scope,
      );
    case "ObjectExpression":
      return propertiesOf(node)
        .filter(({ key }) => MESSAGE_MEMBERS.has(nameOf(key as Node)))
        .flatMap(({ value }) => textsOf(value as Node, scope));
    case "CallExpression":
      return callTexts(node, scope);
    default:
      return isFunction(node) && node.body !== null ? functionTexts(node, scope) : [];
  }
}

/** A function as a value of a table: the texts that it returns, whatever it is called with. */
function functionTexts(node: Node, scope: Scope): Template[] {
  const one = { name: "", params: [], body: node.body as Node, module: scope.module };
  if (scope.depth >= MAX_DEPTH) return [];
  const inner = functionScope(one, scope);
  return returnsOf(one).flatMap((value) => textsOf(value, inner));
}

/** What a called function returns, or the functions of the table that is called. */
function callTexts(call: Node, scope: Scope): Template[] {
  if (scope.depth >= MAX_DEPTH) return [];
  const callee = call.callee as Node;
  if (callee.type !== "Identifier" && (callee.type !== "MemberExpression" || callee.computed === true))
    return textsOf(callee, scope);
  return calledBy(call, scope).flatMap((one) => {
    const inner = functionScope(one, scope);
    return applied(
      returnsOf(one).flatMap((value) => textsOf(value, inner)),
      call,
      scope,
    );
  });
}
