import { scanDiscriminators } from "openapi-typescript/dist/lib/utils.mjs";
import transformSchemaObject, { type TransformContext } from "openapi-typescript/dist/transform/schema-object.mjs";
import ts from "typescript";
import type { Module, Schema } from "../ir/model.ts";
import { escapeToken } from "../pointer.ts";
import { hidePercent, showPercent } from "./percent.ts";

/** Prints schemas of one module as TypeScript. */
export interface SchemaPrinter {
  /** The type, its lines indented for standing `depth` levels deep. */
  print(schema: Schema, depth: number): string;
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
    postTransform: (type) => (isRecord(type) ? openObject() : undefined),
  };
  const schemas = document.components.schemas;
  return {
    print(schema, depth) {
      const name = nameIn(module.schemas, schema);
      const key = name === undefined ? undefined : hidePercent({ name }).name;
      const source = key === undefined ? hidePercent(schema) : schemas[key];
      const path = key === undefined ? "#/" : `#/components/schemas/${escapeToken(key)}`;
      const node = transformSchemaObject(source, { path, ctx });
      return showPercent(indent(printer.printNode(ts.EmitHint.Unspecified, node, PRINT_TARGET), depth));
    },
    footer: () =>
      injectFooter
        .map(
          (node) => `${indent(printer.printNode(ts.EmitHint.Unspecified, node, PRINT_TARGET), 0)}
`,
        )
        .join(""),
  };
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
