import ts from "typescript";

/** Meaning of a name, as far as the scan needs it. */
export type Meaning =
  /** The table of a module, as imported: `v3/contacts`. */
  | { readonly kind: "table"; readonly module: string }
  /** A namespace import of a module's entry. */
  | { readonly kind: "namespace"; readonly module: string }
  /** Result of `use(table)`. */
  | { readonly kind: "methods"; readonly module: string }
  /** Result of `createRaw(handle, table)`. */
  | { readonly kind: "raw"; readonly module: string | undefined }
  /** A method taken out of a module by name. */
  | { readonly kind: "method"; readonly module: string; readonly name: string };

/** Names of one block, function or file. A name without a meaning hides the same name further out. */
export interface Scope {
  readonly parent: Scope | undefined;
  readonly names: Map<string, Meaning | undefined>;
}

export function lookUp(scope: Scope, name: string): Meaning | undefined {
  for (let here: Scope | undefined = scope; here !== undefined; here = here.parent) {
    if (here.names.has(name)) return here.names.get(name);
  }
  return undefined;
}

/** Nodes that open a scope of their own. */
export function opensScope(node: ts.Node): boolean {
  return (
    ts.isBlock(node) ||
    ts.isFunctionLike(node) ||
    ts.isForStatement(node) ||
    ts.isForOfStatement(node) ||
    ts.isForInStatement(node) ||
    ts.isCatchClause(node) ||
    ts.isCaseBlock(node) ||
    ts.isModuleBlock(node)
  );
}

const ENTRY = /^@ghl-edge\/client\/(v\d+\/[^/]+)$/;

/** `@ghl-edge/client/v3/contacts` → `v3/contacts` */
export function moduleOfSpecifier(specifier: string): string | undefined {
  return ENTRY.exec(specifier)?.[1];
}

/** Without parentheses, `await`, `as`, `satisfies` and `!`. */
export function unwrap(node: ts.Expression): ts.Expression {
  let inner = node;
  while (
    ts.isParenthesizedExpression(inner) ||
    ts.isAsExpression(inner) ||
    ts.isSatisfiesExpression(inner) ||
    ts.isNonNullExpression(inner) ||
    ts.isAwaitExpression(inner)
  ) {
    inner = inner.expression;
  }
  return inner;
}
