/**
 * The two functions of openapi-typescript 7.13.0 that turn one schema into an AST node, with the types that they need. Its
 * own types ask for a whole document and for options that no schema uses.
 */
import { type GlobalContext, type OpenAPI3, scanDiscriminators, transformSchemaObject } from "openapi-typescript";
import type { Node, PropertySignature, TypeNode } from "typescript";
import type { Schema } from "../../ir/model.ts";

/** Members of openapi-typescript's context that the transform of a schema reads. */
export interface TransformContext {
  additionalProperties: boolean;
  alphabetize: boolean;
  arrayLength: boolean;
  conditionalEnums: boolean;
  dedupeEnums: boolean;
  defaultNonNullable: boolean;
  discriminators: { objects: Record<string, unknown>; refsHandled: string[] };
  emptyObjectsUnknown: boolean;
  enum: boolean;
  enumValues: boolean;
  excludeDeprecated: boolean;
  immutable: boolean;
  injectFooter: Node[];
  propertiesRequiredByDefault: boolean;
  readWriteMarkers: boolean;
  silent: boolean;
  resolve(reference: string): unknown;
  transform(schema: { type?: unknown; format?: unknown; contentMediaType?: unknown }): TypeNode | undefined;
  transformProperty(
    property: PropertySignature & { readonly name: { readonly text: string } },
    schema: Schema,
  ): PropertySignature;
  postTransform(type: TypeNode): TypeNode | undefined;
}

/** Turns a schema into a type. `path` is its JSON Pointer in the document. */
export function transformSchema(schema: unknown, path: string, context: TransformContext): TypeNode {
  const ctx = context as unknown as GlobalContext;
  return transformSchemaObject(schema as Parameters<typeof transformSchemaObject>[0], { path, ctx });
}

/** Finds the discriminators of a document's schemas. It changes the document. */
export function findDiscriminators(document: unknown): TransformContext["discriminators"] {
  return scanDiscriminators(document as OpenAPI3, { silent: true });
}
