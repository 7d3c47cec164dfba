import ts from "typescript";
import { escapeToken } from "../../../json/pointer.ts";
import type { FieldTexts } from "../../ir/field-texts.ts";
import type { Module, Schema } from "../../ir/model.ts";
import type { NamedModule } from "../../ir/type-names/named-module.ts";
import { keyOf } from "../../ir/type-names/usage.ts";
import { commentLines } from "../field-comment.ts";
import { joinIndexSignatures } from "./index-signature.ts";
import { openEnumType } from "./open-enum.ts";
import { findDiscriminators, type TransformContext, transformSchema } from "./openapi-typescript.ts";
import { hidePercent, showPercent } from "./percent.ts";

/** Context of a type that is printed. */
export interface PrintOptions {
  /** Levels of indentation of its lines. */
  readonly depth: number;
  /** A caller writes it: an optional member may be given as undefined. */
  readonly sent: boolean;
}

/** Prints schemas of one module as TypeScript. */
export interface SchemaPrinter {
  /** The type; of a schema with a name its name. */
  print(schema: Schema, options: PrintOptions): string;
  /** The exported declaration of a schema: an interface where it is an object type, otherwise an alias. */
  declare(key: string): string;
  /** Declarations that printed types turned out to need. */
  footer(): string;
}

const { factory } = ts;
const printer = ts.createPrinter({
  newLine: ts.NewLineKind.LineFeed,
  removeComments: false,
  omitTrailingSemicolon: false,
});
const PRINT_TARGET = ts.createSourceFile("schema.ts", "", ts.ScriptTarget.ESNext, false, ts.ScriptKind.TS);

/** `{ [key: string]: unknown }` */
function openObject(): ts.TypeNode {
  const key = factory.createParameterDeclaration(
    undefined,
    undefined,
    "key",
    undefined,
    keyword(ts.SyntaxKind.StringKeyword),
  );
  const index = factory.createIndexSignature(undefined, [key], keyword(ts.SyntaxKind.UnknownKeyword));
  return factory.createTypeLiteralNode([index]);
}

/** A type with an index signature and nothing else is short enough. */
function onOneLine(type: ts.TypeNode): ts.TypeNode {
  const [only, ...others] = ts.isTypeLiteralNode(type) ? type.members : [];
  const isShort = only !== undefined && others.length === 0 && ts.isIndexSignatureDeclaration(only);
  return isShort ? ts.setEmitFlags(type, ts.EmitFlags.SingleLine) : type;
}

function keyword(kind: ts.SyntaxKind.StringKeyword | ts.SyntaxKind.UnknownKeyword): ts.KeywordTypeNode {
  return factory.createKeywordTypeNode(kind);
}

/** This file loads the TypeScript compiler: import it only when something is to be printed. */
export function createSchemaPrinter(module: NamedModule, texts: FieldTexts): SchemaPrinter {
  // findDiscriminators writes into what it is given
  const document = structuredClone({ components: { schemas: hidePercent(module.schemas) } });
  const injectFooter: ts.Node[] = [];
  const schemas = document.components.schemas;
  const comments = new WeakMap<ts.Node, string>();
  const keys = keysBySchema(module.schemas);
  // of the schema that is being printed
  let sent = false;
  let schemaKey: string | undefined;
  const named = (key: string | undefined): ts.TypeNode | undefined => {
    const name = key === undefined ? undefined : module.typeNames.get(showPercent(key));
    return name === undefined ? undefined : factory.createTypeReferenceNode(name);
  };
  const ctx: TransformContext = {
    additionalProperties: false,
    alphabetize: false,
    arrayLength: false,
    conditionalEnums: false,
    dedupeEnums: false,
    defaultNonNullable: false,
    discriminators: findDiscriminators(document),
    emptyObjectsUnknown: true,
    enum: false,
    enumValues: false,
    excludeDeprecated: false,
    immutable: false,
    injectFooter,
    propertiesRequiredByDefault: false,
    readWriteMarkers: false,
    silent: true,
    resolve: (reference) => module.schemas[schemaName(reference)],
    transform: (schema) =>
      isFile(schema)
        ? factory.createTypeReferenceNode("Blob")
        : (named(keyOf(schema as Schema)) ?? openEnumType(schema)),
    // an object of which the document says nothing is open, never Record<string, …>
    postTransform: (type) =>
      onOneLine(isRecord(type) ? openObject() : (named(componentOf(type)) ?? joinIndexSignatures(type))),
    transformProperty: (property, schema) => {
      const result = sent && property.questionToken !== undefined ? withUndefined(property) : property;
      const field = showPercent(property.name.text);
      const position = { module: module.name, schema: schemaKey };
      const comment = commentLines(schema, texts.fieldText(field, position));
      if (comment !== undefined) comments.set(result, comment);
      return result;
    },
  };
  const textOf = (node: ts.Node, depth: number): string => {
    setComments(node, comments);
    return showPercent(indent(printer.printNode(ts.EmitHint.Unspecified, node, PRINT_TARGET), depth));
  };
  const component = (key: string): ts.TypeNode => {
    const hidden = hidePercent({ key }).key;
    sent = module.sent.has(key);
    schemaKey = module.inline.has(key) ? undefined : key;
    return transformSchema(schemas[hidden], `#/components/schemas/${escapeToken(hidden)}`, ctx);
  };
  return {
    print(schema, options) {
      const key = keys.get(schema);
      const name = key === undefined ? undefined : module.typeNames.get(key);
      if (name !== undefined) return name;
      sent = options.sent;
      schemaKey = undefined;
      return textOf(transformSchema(hidePercent(schema), "#/", ctx), options.depth);
    },
    declare(key) {
      const type = component(key);
      const name = module.typeNames.get(key) ?? key;
      const declaration = ts.isTypeLiteralNode(type)
        ? factory.createInterfaceDeclaration(EXPORT, name, undefined, undefined, type.members)
        : factory.createTypeAliasDeclaration(EXPORT, name, undefined, type);
      const comment = commentLines(module.schemas[key] ?? true, undefined, { constraints: false });
      if (comment !== undefined) comments.set(declaration, comment);
      return `${textOf(declaration, 0)}\n`;
    },
    footer: () => injectFooter.map((node) => `${textOf(node, 0)}\n`).join(""),
  };
}

const EXPORT = [factory.createModifier(ts.SyntaxKind.ExportKeyword)];

/** Under `exactOptionalPropertyTypes` an optional member may be left out, and given as undefined only where its type says so. */
function withUndefined(property: ts.PropertySignature): ts.PropertySignature {
  const { modifiers, name, questionToken, type } = property;
  const members = type === undefined ? [] : ts.isUnionTypeNode(type) ? [...type.types] : [type];
  const isWide = members.some(({ kind }) => kind === ts.SyntaxKind.UnknownKeyword);
  if (isWide || members.length === 0) return property;
  const union = factory.createUnionTypeNode([
    ...members,
    factory.createKeywordTypeNode(ts.SyntaxKind.UndefinedKeyword),
  ]);
  return factory.createPropertySignature(modifiers, name, questionToken, union);
}

/** Puts the recorded comments in the place of those that openapi-typescript writes. */
function setComments(node: ts.Node, comments: WeakMap<ts.Node, string>): void {
  const text = comments.get(node);
  const comment = { kind: ts.SyntaxKind.MultiLineCommentTrivia, hasTrailingNewLine: true, pos: -1, end: -1 } as const;
  if (ts.isPropertySignature(node) || text !== undefined)
    ts.setSyntheticLeadingComments(node, text === undefined ? undefined : [{ ...comment, text }]);
  ts.forEachChild(node, (child) => setComments(child, comments));
}

/** `components["schemas"]["Pet"]` → `Pet` */
function componentOf(type: ts.TypeNode): string | undefined {
  if (!ts.isIndexedAccessTypeNode(type) || !ts.isIndexedAccessTypeNode(type.objectType)) return undefined;
  const { indexType } = type;
  return ts.isLiteralTypeNode(indexType) && ts.isStringLiteral(indexType.literal) ? indexType.literal.text : undefined;
}

/** Returns the first component of each schema. Only there may a discriminator have changed the schema. */
function keysBySchema(schemas: Module["schemas"]): Map<Schema, string> {
  const keys = new Map<Schema, string>();
  for (const [key, schema] of Object.entries(schemas)) if (!keys.has(schema)) keys.set(schema, key);
  return keys;
}

function schemaName(reference: string): string {
  return decodeURIComponent(reference.slice(reference.lastIndexOf("/") + 1))
    .replaceAll("~1", "/")
    .replaceAll("~0", "~");
}

/** OpenAPI 3.0 says `format: binary`; 3.1 a string with `contentMediaType` and without `contentEncoding`. */
function isFile(schema: { type?: unknown; format?: unknown; contentMediaType?: unknown }): boolean {
  return (
    schema.type === "string" && (schema.format === "binary" || schema.contentMediaType === "application/octet-stream")
  );
}

function isRecord(type: ts.TypeNode): boolean {
  return ts.isTypeReferenceNode(type) && ts.isIdentifier(type.typeName) && type.typeName.text === "Record";
}

/** The printer indents by four; two is half the bytes. */
function indent(text: string, depth: number): string {
  if (!text.includes("\n")) return text;
  const margin = "  ".repeat(depth);
  return text.replace(/\n( *)/g, (_, spaces: string) => `\n${margin}${spaces.slice(spaces.length / 2)}`);
}
