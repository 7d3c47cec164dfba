import { NameClashError, NotOpenApiError } from "../errors.ts";
import { isObject, type JsonObject, objectAt } from "../json.ts";
import { at, pointerOf, ROOT } from "../pointer.ts";
import { METHODS } from "../walk.ts";
import { asSchema } from "./media.ts";
import { pascalCase } from "./method-name.ts";
import type { Module, Operation, Schema } from "./model.ts";
import { buildOperation } from "./operation.ts";
import { type Context, checkReferences } from "./reference.ts";
import { serverOf } from "./server.ts";

export interface ModuleIdentity {
  /** As in the import path: `contacts`. */
  readonly name: string;
  /** `v2`, `v3`; `""` for a document that is not HighLevel's. */
  readonly api: string;
  /** The document as errors and banners name it. */
  readonly file: string;
}

/**
 * Reads a self-contained OpenAPI document into a module.
 *
 * @throws NotOpenApiError no `openapi: 3.x`
 * @throws UnresolvedReferenceError a reference points to nothing, or to what is not emitted
 * @throws NameClashError two operations have the same method name, or the same operationId
 */
export function buildModule(document: JsonObject, identity: ModuleIdentity): Module {
  if (typeof document.openapi !== "string" || !document.openapi.startsWith("3.")) {
    throw new NotOpenApiError("Not an OpenAPI 3.x document.", { file: identity.file });
  }
  const context: Context = { document, file: identity.file };
  const schemas = schemasOf(context);
  const highLevel = identity.api !== "";
  const operations: Operation[] = [];
  const taken = { id: new Map<string, string>(), name: new Map<string, string>() };
  for (const [path, pathItem] of Object.entries(objectAt(document.paths))) {
    if (!isObject(pathItem)) continue;
    for (const method of METHODS) {
      if (!isObject(pathItem[method])) continue;
      const operation = buildOperation(context, method, path, pathItem, highLevel);
      claim(taken.name, operation.name, "Two operations have the method name", operation, context);
      claim(taken.id, operation.id, "Two operations have the operationId", operation, context);
      operations.push(operation);
    }
  }
  return {
    name: identity.name,
    api: identity.api,
    typeName: pascalCase(identity.name),
    source: identity.file,
    server: highLevel ? undefined : serverOf(document.servers),
    highLevel,
    operations,
    schemas,
  };
}

function schemasOf(context: Context): Record<string, Schema> {
  const schemas = objectAt(objectAt(context.document.components).schemas);
  const place = at(ROOT, "components", "schemas");
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => {
      checkReferences(context, schema, at(place, name));
      return [name, asSchema(schema)];
    }),
  );
}

function claim(taken: Map<string, string>, name: string, what: string, operation: Operation, context: Context): void {
  const here = `${operation.method} ${operation.path}`;
  const other = taken.get(name);
  if (other !== undefined) {
    throw new NameClashError(`${what} ${name}: ${other} and ${here}. An overlay can set x-method-name.`, {
      file: context.file,
      pointer: pointerOf(at(ROOT, "paths", operation.path, operation.method.toLowerCase())),
    });
  }
  taken.set(name, here);
}
