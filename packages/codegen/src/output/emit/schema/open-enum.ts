import ts from "typescript";
import { OPEN_ENUM } from "../../../json/open-enum.ts";

const { factory } = ts;

/**
 * `"a" | "b" | (string & {})` for a list of known values that is not complete: an editor offers the known ones, and any
 * other is let through. Undefined for any other schema.
 */
export function openEnumType(schema: object): ts.TypeNode | undefined {
  const values: unknown = (schema as Record<string, unknown>)[OPEN_ENUM];
  if (!Array.isArray(values)) return undefined;
  const known = values.filter((value) => value !== null);
  const members = known.map(literal);
  if (known.some((value) => typeof value === "string")) members.push(anyOther(ts.SyntaxKind.StringKeyword));
  if (known.some((value) => typeof value === "number")) members.push(anyOther(ts.SyntaxKind.NumberKeyword));
  if (values.length > known.length || typesOf(schema).includes("null")) {
    members.push(factory.createLiteralTypeNode(factory.createNull()));
  }
  return factory.createUnionTypeNode(members);
}

function typesOf(schema: object): unknown[] {
  return [(schema as { type?: unknown }).type].flat();
}

function literal(value: unknown): ts.TypeNode {
  if (typeof value === "string") return factory.createLiteralTypeNode(factory.createStringLiteral(value));
  const number = Number(value);
  const digits = factory.createNumericLiteral(Math.abs(number));
  const isNegative = number < 0;
  return factory.createLiteralTypeNode(
    isNegative ? factory.createPrefixUnaryExpression(ts.SyntaxKind.MinusToken, digits) : digits,
  );
}

/** `(string & {})`: the compiler would merge plain `string` with the literals beside it. */
function anyOther(kind: ts.SyntaxKind.StringKeyword | ts.SyntaxKind.NumberKeyword): ts.TypeNode {
  const nothing = factory.createTypeLiteralNode([]);
  return factory.createParenthesizedType(
    factory.createIntersectionTypeNode([factory.createKeywordTypeNode(kind), nothing]),
  );
}
