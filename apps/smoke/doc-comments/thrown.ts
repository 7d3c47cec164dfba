/** Reads the source of a function or method: error classes that it throws itself, and those that its comment names. TypeDoc has neither. */
import { readFileSync } from "node:fs";
import ts from "typescript";

/** Names a declaration by its file, the number of its line, and its name. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly name: string;
}

type Callable = ts.FunctionDeclaration | ts.MethodDeclaration | ts.MethodSignature | ts.VariableDeclaration;

const isCallable = (node: ts.Node): node is Callable =>
  ts.isFunctionDeclaration(node) ||
  ts.isMethodDeclaration(node) ||
  ts.isMethodSignature(node) ||
  ts.isVariableDeclaration(node);

/** Returns the declaration of this name that begins at this line. */
function declarationAt(source: ts.SourceFile, { line, name }: Position): Callable | undefined {
  const find = (node: ts.Node): Callable | undefined => {
    const isHere =
      isCallable(node) &&
      node.name?.getText(source) === name &&
      source.getLineAndCharacterOfPosition(node.name.getStart(source)).line + 1 === line;
    return isHere ? (node as Callable) : ts.forEachChild(node, find);
  };
  return find(source);
}

/** Names of the classes in `throw new X(…)`. What a function inside it throws reaches another caller, so it is left out. */
function* thrownIn(node: ts.Node, isOuter = true): Generator<string> {
  if (!isOuter && ts.isFunctionLike(node)) return;
  if (ts.isTryStatement(node) && node.catchClause !== undefined) {
    yield* thrownIn(node.catchClause.block, false);
    return;
  }
  if (ts.isThrowStatement(node) && ts.isNewExpression(node.expression)) yield node.expression.expression.getText();
  for (const child of node.getChildren()) yield* thrownIn(child, false);
}

function bodyOf(node: Callable): ts.Node | undefined {
  if (ts.isMethodSignature(node)) return undefined;
  if (!ts.isVariableDeclaration(node)) return node.body;
  const { initializer } = node;
  return initializer !== undefined && ts.isArrowFunction(initializer) ? initializer.body : undefined;
}

/** Holds what the source of a function or method says about its errors. */
export interface ErrorsOfSource {
  /** Names of the error classes that its own body throws. */
  readonly thrown: readonly string[];
  /** Text of the `@throws` of its comment. */
  readonly documented: string;
}

/**
 * Reads the errors of a declaration from its source.
 *
 * @param position - File, line and name of the declaration
 */
export function errorsOfSource(position: Position): ErrorsOfSource {
  const text = readFileSync(position.file, "utf8");
  const source = ts.createSourceFile(position.file, text, ts.ScriptTarget.Latest, true);
  const declaration = declarationAt(source, position);
  if (declaration === undefined) return { thrown: [], documented: "" };
  const body = bodyOf(declaration);
  const tags = ts.getJSDocTags(declaration).filter(({ tagName }) => tagName.text === "throws");
  return {
    thrown: body === undefined ? [] : [...new Set(thrownIn(body))],
    documented: tags.map((tag) => tag.getText(source)).join("\n"),
  };
}
