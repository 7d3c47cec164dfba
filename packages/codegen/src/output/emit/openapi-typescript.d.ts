/**
 * The parts of openapi-typescript 7.13.0 that turn one schema into an AST node. Its main entry would also load the
 * linter and bundler, which a self-contained document has no need of.
 */
declare module "openapi-typescript/dist/transform/schema-object.mjs" {
  import type { PropertySignature, TypeNode } from "typescript";

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
    injectFooter: import("typescript").Node[];
    propertiesRequiredByDefault: boolean;
    readWriteMarkers: boolean;
    silent: boolean;
    resolve(reference: string): unknown;
    transform(schema: { type?: unknown; format?: unknown; contentMediaType?: unknown }): TypeNode | undefined;
    transformProperty(
      property: PropertySignature & { readonly name: { readonly text: string } },
      schema: import("../ir/model.ts").Schema,
    ): PropertySignature;
    postTransform(type: TypeNode): TypeNode | undefined;
  }

  export default function transformSchemaObject(
    schema: unknown,
    options: { path: string; ctx: TransformContext },
  ): TypeNode;
}

declare module "openapi-typescript/dist/lib/utils.mjs" {
  export function scanDiscriminators(
    document: unknown,
    options: { silent: boolean },
  ): { objects: Record<string, unknown>; refsHandled: string[] };
}
