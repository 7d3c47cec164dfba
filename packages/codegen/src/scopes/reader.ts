import ts from "typescript";
import { lookUp, type Meaning, moduleOfSpecifier, type Scope, unwrap } from "./bindings.ts";
import { HOLE } from "./paths.ts";

/** Something an app's source does with HighLevel's API. */
export type Use =
  | { readonly kind: "method"; readonly module: string; readonly name: string; readonly position: string }
  | {
      readonly kind: "request";
      readonly module: string | undefined;
      readonly method: string;
      readonly path: string;
      /** Whether it is certainly a request to HighLevel. If so, an unknown path is reported. */
      readonly sure: boolean;
      readonly position: string;
    }
  | { readonly kind: "unresolved"; readonly text: string; readonly reason: string; readonly position: string };

const HOST = "https://services.leadconnectorhq.com";
const RAW_METHODS = new Set(["GET", "POST", "PUT", "PATCH", "DELETE"]);

export interface Reader {
  /** Records what a node does, if it does anything. */
  read(node: ts.Node, scope: Scope): void;
  meaningOf(node: ts.Expression, scope: Scope): Meaning | undefined;
  meaningOfType(type: ts.TypeNode | undefined, scope: Scope): Meaning | undefined;
  /** Remembers what a property of that name holds, whichever object it belongs to. */
  bindMember(name: ts.PropertyName | ts.MemberName, meaning: Meaning | undefined): void;
}

/** @param members - What properties hold, by name; filled while binding, shared by the readers of one file */
export function createReader(
  tree: ts.SourceFile,
  path: string,
  { members, uses }: { readonly members: Map<string, Meaning>; readonly uses: Use[] },
): Reader {
  const position = (node: ts.Node) => `${path}:${tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1}`;
  const unresolved = (node: ts.Node, reason: string) => {
    const text = node.getText(tree).replace(/\s+/g, " ").slice(0, 80);
    uses.push({ kind: "unresolved", text, reason, position: position(node) });
  };

  const meaningOf = (expression: ts.Expression, scope: Scope): Meaning | undefined => {
    const node = unwrap(expression);
    if (ts.isIdentifier(node)) return lookUp(scope, node.text);
    if (ts.isCallExpression(node)) return meaningOfCall(node, scope);
    if (ts.isPropertyAccessExpression(node)) {
      const object = meaningOf(node.expression, scope);
      if (object?.kind === "namespace") return { kind: "table", module: object.module };
      if (object?.kind === "methods") return { kind: "method", module: object.module, name: node.name.text };
      return object === undefined ? members.get(node.name.text) : undefined;
    }
    return undefined;
  };

  const meaningOfCall = (node: ts.CallExpression, scope: Scope): Meaning | undefined => {
    const [first, second] = node.arguments;
    if (ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === "use" && first !== undefined) {
      const table = meaningOf(first, scope);
      return table?.kind === "table" ? { kind: "methods", module: table.module } : undefined;
    }
    if (!ts.isIdentifier(node.expression) || node.expression.text !== "createRaw") return undefined;
    const table = second === undefined ? undefined : meaningOf(second, scope);
    return { kind: "raw", module: table?.kind === "table" ? table.module : undefined };
  };

  const meaningOfType = (type: ts.TypeNode | undefined, scope: Scope): Meaning | undefined => {
    if (type === undefined || !ts.isTypeReferenceNode(type) || !ts.isIdentifier(type.typeName)) return undefined;
    const table = lookUp(scope, type.typeName.text);
    return table?.kind === "table" ? { kind: "methods", module: table.module } : undefined;
  };

  /** A module's methods that go where the scan cannot follow. */
  const readLeak = (node: ts.Expression, scope: Scope): void => {
    const { parent } = node;
    const passed = (ts.isCallExpression(parent) && parent.arguments.includes(node)) || ts.isSpreadAssignment(parent);
    const returned = ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === node);
    if (!passed && !returned) return;
    if (meaningOf(node, scope)?.kind === "methods")
      unresolved(node, "the module is handed on; calls made there are not seen");
  };

  const readRequest = (node: ts.CallExpression, scope: Scope): void => {
    const [first, init] = node.arguments;
    const callee = node.expression;
    if (ts.isPropertyAccessExpression(callee) && RAW_METHODS.has(callee.name.text)) {
      const raw = meaningOf(callee.expression, scope);
      const path = first === undefined ? undefined : textOf(first);
      if (path?.startsWith("/") === true && !path.includes(HOLE)) {
        const known = raw?.kind === "raw";
        const module = known ? raw.module : undefined;
        uses.push({ kind: "request", module, method: callee.name.text, path, sure: known, position: position(node) });
      } else if (raw?.kind === "raw") unresolved(node, "the path is not a literal");
      return;
    }
    const url = first === undefined ? undefined : textOf(first);
    if (url?.startsWith(`${HOST}/`) !== true) return;
    const path = url.slice(HOST.length).replace(/[?#].*$/s, "");
    const method = init === undefined ? "GET" : methodOf(init);
    if (method === undefined) unresolved(node, "the method is not a literal");
    else uses.push({ kind: "request", module: undefined, method, path, sure: true, position: position(node) });
  };

  return {
    meaningOf,
    meaningOfType,
    bindMember(name, meaning) {
      if (meaning !== undefined && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name)))
        members.set(name.text, meaning);
    },
    read(node, scope) {
      if (ts.isPropertyAccessExpression(node)) {
        const object = meaningOf(node.expression, scope);
        if (object?.kind === "methods") {
          uses.push({ kind: "method", module: object.module, name: node.name.text, position: position(node) });
        }
      } else if (ts.isElementAccessExpression(node)) {
        if (meaningOf(node.expression, scope)?.kind !== "methods") return;
        unresolved(node, "the method's name is computed");
      } else if (ts.isBindingElement(node) && ts.isIdentifier(node.name)) {
        const meaning = scope.names.get(node.name.text);
        if (meaning?.kind === "method") uses.push({ ...meaning, position: position(node) });
      } else if (ts.isCallExpression(node)) {
        if (node.expression.kind === ts.SyntaxKind.ImportKeyword) readDynamicImport(node);
        readRequest(node, scope);
      }
      if (ts.isExpression(node)) readLeak(node, scope);
    },
  };

  function readDynamicImport(node: ts.CallExpression): void {
    const [first] = node.arguments;
    if (first === undefined || !ts.isStringLiteralLike(first) || moduleOfSpecifier(first.text) === undefined) return;
    unresolved(node, "a dynamic import is not followed");
  }
}

/** Text of a literal; the computed parts of a template are holes. */
function textOf(expression: ts.Expression): string | undefined {
  const node = unwrap(expression);
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.head.text + node.templateSpans.map(({ literal }) => HOLE + literal.text).join("");
}

/** `method` of the second argument of fetch: `GET` when it has none, undefined when it is computed. */
function methodOf(init: ts.Expression): string | undefined {
  const node = unwrap(init);
  if (!ts.isObjectLiteralExpression(node)) return undefined;
  if (node.properties.some((property) => ts.isSpreadAssignment(property))) return undefined;
  const method = node.properties.find(
    (property) => property.name !== undefined && ts.isIdentifier(property.name) && property.name.text === "method",
  );
  if (method === undefined) return "GET";
  if (!ts.isPropertyAssignment(method)) return undefined;
  return textOf(method.initializer)?.toUpperCase();
}
