import { scanDiscriminators } from "openapi-typescript/dist/lib/utils.mjs";
import transformSchemaObject, { type TransformContext } from "openapi-typescript/dist/transform/schema-object.mjs";
import ts from "typescript";
import type { Module, Schema } from "../ir/model.ts";
import { escapeToken } from "../pointer.ts";
import { joinIndexSignatures } from "./index-signature.ts";
import { hidePercent, showPercent } from "./percent.ts";
import { aliasNames, recursiveSchemas } from "./recursion.ts";

/** Prints schemas of one module as TypeScript. */
export interface SchemaPrinter {
  /** The type, its lines indented for standing `depth` levels deep. */
  print(schema: Schema, depth: number): string;
  /** The type of a component schema where it is declared: of one that leads to itself the name of an alias in the footer. */
  declare(name: string, depth: number): string;
  /** Declarations that printed types turned out to need. */
  footer(): string;
}

const { factory } = ts;
const printer = ts.createPrinter({
  newLine: ts.NewLineKind.LineFeed,
  removeComments: true,
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
  return factory.createTypeLiteralNode([
    factory.createIndexSignature(undefined, [key], keyword(ts.SyntaxKind.UnknownKeyword)),
  ]);
}

function keyword(kind: ts.SyntaxKind.StringKeyword | ts.SyntaxKind.UnknownKeyword): ts.KeywordTypeNode {
  return factory.createKeywordTypeNode(kind);
}

/** This file loads the TypeScript compiler: import it only when something is to be printed. */
export function createSchemaPrinter(module: Module): SchemaPrinter {
  // scanDiscriminators writes into what it is given
  const document = structuredClone({ components: { schemas: hidePercent(module.schemas) } });
  const injectFooter: ts.Node[] = [];
  const schemas = document.components.schemas;
  const aliases = aliasNames(recursiveSchemas(module.schemas));
  // whether the body of an alias is being made: outside of its file nothing but `components` is known
  let inAlias = false;
  const ctx: TransformContext = {
    additionalProperties: false,
    alphabetize: false,
    arrayLength: false,
    conditionalEnums: false,
    dedupeEnums: false,
    defaultNonNullable: false,
    discriminators: scanDiscriminators(document, { silent: true }),
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
    transform: (schema) => (isFile(schema) ? factory.createTypeReferenceNode("Blob") : undefined),
    // an object of which the document says nothing is open, never Record<string, …>
    postTransform: (type) => {
      if (isRecord(type)) return openObject();
      const alias = inAlias ? aliases.get(componentOf(type) ?? "") : undefined;
      return alias === undefined ? joinIndexSignatures(type) : factory.createTypeReferenceNode(alias);
    },
  };
  const textOf = (node: ts.TypeNode, depth: number): string =>
    showPercent(indent(printer.printNode(ts.EmitHint.Unspecified, node, PRINT_TARGET), depth));
  const component = (name: string): ts.TypeNode => {
    const key = hidePercent({ name }).name;
    return transformSchemaObject(schemas[key], { path: `#/components/schemas/${escapeToken(key)}`, ctx });
  };
  return {
    print(schema, depth) {
      const name = nameIn(module.schemas, schema);
      if (name === undefined) return textOf(transformSchemaObject(hidePercent(schema), { path: "#/", ctx }), depth);
      const reference = { $ref: `#/components/schemas/${encodeURIComponent(escapeToken(name))}` };
      const node = aliases.has(name) ? transformSchemaObject(reference, { path: "#/", ctx }) : component(name);
      return textOf(node, depth);
    },
    declare(name, depth) {
      const alias = aliases.get(name);
      if (alias === undefined) return textOf(component(name), depth);
      inAlias = true;
      injectFooter.push(factory.createTypeAliasDeclaration(undefined, alias, undefined, component(name)));
      inAlias = false;
      return alias;
    },
    footer: () =>
      injectFooter
        .map(
          (node) => `${showPercent(indent(printer.printNode(ts.EmitHint.Unspecified, node, PRINT_TARGET), 0))}
`,
        )
        .join(""),
  };
}

/** `components["schemas"]["Pet"]` → `Pet` */
function componentOf(type: ts.TypeNode): string | undefined {
  if (!ts.isIndexedAccessTypeNode(type) || !ts.isIndexedAccessTypeNode(type.objectType)) return undefined;
  const { indexType } = type;
  return ts.isLiteralTypeNode(indexType) && ts.isStringLiteral(indexType.literal) ? indexType.literal.text : undefined;
}

/** The component under which exactly this schema stands: only there may a discriminator have changed it. */
function nameIn(schemas: Module["schemas"], schema: Schema): string | undefined {
  for (const name of Object.keys(schemas)) if (schemas[name] === schema) return name;
  return undefined;
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
