import { posix } from "node:path";
import ts from "typescript";
import { type Meaning, moduleOfSpecifier, opensScope, type Scope } from "./bindings.ts";
import { createReader, type Use } from "./reader.ts";
import type { SourceFile } from "./source-files.ts";

export type { Use } from "./reader.ts";

interface Parsed {
  readonly path: string;
  readonly tree: ts.SourceFile;
  readonly scopes: Map<ts.Node, Scope>;
  readonly exports: Map<string, Meaning>;
  /** Meanings of properties by name. The object that they belong to is not considered. */
  readonly members: Map<string, Meaning>;
}

/**
 * Finds the calls of an app: methods of modules made with `use`, raw paths, and requests to HighLevel's host. It follows
 * names through lexical scopes and through the relative imports between the given files. A use that it cannot follow (a
 * module passed to a function, a computed method name) is reported, not guessed.
 */
export function scanSources(files: readonly SourceFile[]): Use[] {
  const parsed = new Map<string, Parsed>(files.map((file) => [file.path, parse(file)]));
  // a name exported here and imported there: two rounds reach through one file that re-exports
  for (let round = 0; round < 3; round++) for (const file of parsed.values()) bindFile(file, parsed);
  const uses: Use[] = [];
  for (const file of parsed.values()) {
    const reader = createReader(file.tree, file.path, { members: file.members, uses });
    visit(file.tree, file, (node, scope) => reader.read(node, scope));
  }
  return uses;
}

function parse({ path, text }: SourceFile): Parsed {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  return { path, tree, scopes: new Map(), exports: new Map(), members: new Map() };
}

function visit(root: ts.Node, file: Parsed, each: (node: ts.Node, scope: Scope) => void): void {
  const step = (node: ts.Node, outer: Scope): void => {
    const scope = node === root || opensScope(node) ? scopeOf(file, node, outer) : outer;
    each(node, scope);
    ts.forEachChild(node, (child) => step(child, scope));
  };
  step(root, { parent: undefined, names: new Map() });
}

function scopeOf(file: Parsed, node: ts.Node, parent: Scope): Scope {
  const known = file.scopes.get(node);
  if (known !== undefined) return known;
  const scope: Scope = { parent, names: new Map() };
  file.scopes.set(node, scope);
  return scope;
}

/** Gives names their meanings. Reading comes later, so that a function may use what stands further down. */
function bindFile(file: Parsed, all: ReadonlyMap<string, Parsed>): void {
  const reader = createReader(file.tree, file.path, { members: file.members, uses: [] });
  visit(file.tree, file, (node, scope) => {
    if (ts.isImportDeclaration(node)) bindImport(node, { file, all }, scope);
    else if (ts.isVariableDeclaration(node)) bindVariable(node, scope, { file, meaningOf: reader.meaningOf });
    else if (ts.isParameter(node))
      bindName(node.name, scope, { value: reader.meaningOfType(node.type, scope), members: file.members });
    else if (ts.isPropertyDeclaration(node) || ts.isPropertySignature(node)) {
      const value =
        ts.isPropertyDeclaration(node) && node.initializer ? reader.meaningOf(node.initializer, scope) : undefined;
      reader.bindMember(node.name, value ?? reader.meaningOfType(node.type, scope));
    } else if (ts.isPropertyAssignment(node)) reader.bindMember(node.name, reader.meaningOf(node.initializer, scope));
    else if (ts.isShorthandPropertyAssignment(node)) reader.bindMember(node.name, reader.meaningOf(node.name, scope));
    else if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
      const target = node.left;
      if (ts.isPropertyAccessExpression(target)) reader.bindMember(target.name, reader.meaningOf(node.right, scope));
    } else if (ts.isExportDeclaration(node)) bindReexport(node, { file, all }, scope);
  });
}

function bindImport(
  node: ts.ImportDeclaration,
  { file, all }: { readonly file: Parsed; readonly all: ReadonlyMap<string, Parsed> },
  scope: Scope,
): void {
  const clause = node.importClause;
  if (clause === undefined || !ts.isStringLiteral(node.moduleSpecifier)) return;
  const specifier = node.moduleSpecifier.text;
  const module = moduleOfSpecifier(specifier);
  const bindings = clause.namedBindings;
  if (bindings === undefined) return;
  if (ts.isNamespaceImport(bindings)) {
    if (module !== undefined) scope.names.set(bindings.name.text, { kind: "namespace", module });
    return;
  }
  const source = module === undefined ? resolveRelative(file.path, specifier, all) : undefined;
  for (const element of bindings.elements) {
    const name = (element.propertyName ?? element.name).text;
    const meaning = module === undefined ? source?.exports.get(name) : tableMeaning(name, module);
    if (meaning !== undefined) scope.names.set(element.name.text, meaning);
  }
}

/** The table has the module's name in Pascal case; types and everything else have other names. */
function tableMeaning(name: string, module: string): Meaning | undefined {
  const words = module.slice(module.indexOf("/") + 1).split("-");
  const table = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  return name === table ? { kind: "table", module } : undefined;
}

function bindReexport(
  node: ts.ExportDeclaration,
  { file, all }: { readonly file: Parsed; readonly all: ReadonlyMap<string, Parsed> },
  scope: Scope,
): void {
  const specifier = node.moduleSpecifier;
  const source =
    specifier && ts.isStringLiteral(specifier) ? resolveRelative(file.path, specifier.text, all) : undefined;
  if (node.exportClause === undefined) {
    for (const [name, meaning] of source?.exports ?? []) file.exports.set(name, meaning);
    return;
  }
  if (!ts.isNamedExports(node.exportClause)) return;
  for (const element of node.exportClause.elements) {
    const name = (element.propertyName ?? element.name).text;
    const meaning = specifier === undefined ? scope.names.get(name) : source?.exports.get(name);
    if (meaning !== undefined) file.exports.set(element.name.text, meaning);
  }
}

function bindVariable(
  node: ts.VariableDeclaration,
  scope: Scope,
  {
    file,
    meaningOf,
  }: { readonly file: Parsed; readonly meaningOf: (node: ts.Expression, scope: Scope) => Meaning | undefined },
): void {
  const value = node.initializer === undefined ? undefined : meaningOf(node.initializer, scope);
  bindName(node.name, scope, { value, members: file.members });
  const statement = node.parent.parent;
  const exported =
    ts.isVariableStatement(statement) && statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  if (exported && value !== undefined && ts.isIdentifier(node.name)) file.exports.set(node.name.text, value);
}

function bindName(
  name: ts.BindingName,
  scope: Scope,
  { value, members }: { readonly value: Meaning | undefined; readonly members: ReadonlyMap<string, Meaning> },
): void {
  if (ts.isIdentifier(name)) {
    scope.names.set(name.text, value);
    return;
  }
  for (const element of name.elements) {
    if (ts.isOmittedExpression(element)) continue;
    const key = element.propertyName ?? element.name;
    const method =
      value?.kind === "methods" && ts.isIdentifier(key) && element.dotDotDotToken === undefined
        ? ({ kind: "method", module: value.module, name: key.text } as const)
        : undefined;
    const member = ts.isIdentifier(key) ? members.get(key.text) : undefined;
    bindName(element.name, scope, { value: method ?? member, members });
  }
}

function resolveRelative(from: string, specifier: string, all: ReadonlyMap<string, Parsed>): Parsed | undefined {
  if (!specifier.startsWith(".")) return undefined;
  const target = posix.join(posix.dirname(from), specifier);
  const stem = target.replace(/\.[cm]?jsx?$/, "");
  const candidates = [
    target,
    ...[".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs"].flatMap((ext) => [stem + ext, `${target}/index${ext}`]),
  ];
  for (const candidate of candidates) {
    const found = all.get(candidate);
    if (found !== undefined) return found;
  }
  return undefined;
}
