import ts from "typescript";

const { factory } = ts;
const printer = ts.createPrinter({ removeComments: true });
const TARGET = ts.createSourceFile("type.ts", "", ts.ScriptTarget.ESNext, false, ts.ScriptKind.TS);

/**
 * One object type in the place of `{ name: string } & { [key: string]: number }`, which no literal satisfies: the type of
 * the index signature includes those of the named properties. TypeScript cannot say "every other property".
 */
export function joinIndexSignatures(type: ts.TypeNode): ts.TypeNode {
  if (!ts.isIntersectionTypeNode(type)) return type;
  const joined: ts.TypeNode[] = [];
  for (const member of type.types.map(joinIndexSignatures)) {
    const before = joined.at(-1);
    const index = indexOf(member);
    if (index !== undefined && before !== undefined && ts.isTypeLiteralNode(before) && before.members.every(isProperty))
      joined.splice(-1, 1, withIndex(before.members.filter(isProperty), index));
    else joined.push(member);
  }
  const [only] = joined;
  return joined.length === 1 && only !== undefined ? only : factory.createIntersectionTypeNode(joined);
}

const isProperty = (member: ts.TypeElement): member is ts.PropertySignature => ts.isPropertySignature(member);

/** The signature of a type that has nothing else; of `unknown` there is nothing to join, for it includes everything. */
function indexOf(type: ts.TypeNode): ts.IndexSignatureDeclaration | undefined {
  if (!ts.isTypeLiteralNode(type) || type.members.length !== 1) return undefined;
  const [member] = type.members;
  return member !== undefined && ts.isIndexSignatureDeclaration(member) && !isUnknown(member.type) ? member : undefined;
}

function withIndex(properties: readonly ts.PropertySignature[], index: ts.IndexSignatureDeclaration): ts.TypeNode {
  const types = [index.type, ...properties.flatMap(({ type }) => type ?? [])];
  if (properties.some(({ questionToken }) => questionToken !== undefined))
    types.push(factory.createKeywordTypeNode(ts.SyntaxKind.UndefinedKeyword));
  const flat = types.flatMap((type) => (ts.isUnionTypeNode(type) ? [...type.types] : [type]));
  const distinct = [
    ...new Map(flat.map((type) => [printer.printNode(ts.EmitHint.Unspecified, type, TARGET), type])).values(),
  ];
  const type = distinct.find(isUnknown) ?? (distinct.length === 1 ? index.type : factory.createUnionTypeNode(distinct));
  return factory.createTypeLiteralNode([
    ...properties,
    factory.createIndexSignature(index.modifiers, index.parameters, type),
  ]);
}

const isUnknown = (type: ts.TypeNode): boolean => type.kind === ts.SyntaxKind.UnknownKeyword;
