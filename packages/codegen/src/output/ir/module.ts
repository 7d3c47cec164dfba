import { NameClashError, NotOpenApiError, UnsupportedError } from "../../errors.ts";
import { isObject, type JsonObject, objectAt } from "../../json/json.ts";
import { at, pointerOf, ROOT } from "../../json/pointer.ts";
import { METHODS } from "../../json/walk.ts";
import { relaxRequired } from "./direction.ts";
import type { Module, Operation, Schema } from "./model.ts";
import { distinctOperations, freeTypeName } from "./names.ts";
import { beyondCore } from "./operation/core-limits.ts";
import { buildOperation } from "./operation/operation.ts";
import { serverOf } from "./operation/server.ts";
import { asSchema, type Context, checkReferences } from "./reference.ts";

export interface ModuleIdentity {
  /** Name in the import path: `contacts`. */
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
 * @throws UnsupportedError a document of HighLevel's uses what the core of the client does not serve
 * @throws NameClashError two operations have the same method name, or the same operationId
 */
export function buildModule(input: JsonObject, identity: ModuleIdentity): Module {
  if (typeof input.openapi !== "string" || !input.openapi.startsWith("3.")) {
    throw new NotOpenApiError("openapi must be a 3.x version", { file: identity.file });
  }
  const highLevel = identity.api !== "";
  const document = relaxRequired(input);
  const context: Context = { document, file: identity.file, highLevel };
  const schemas = schemasOf(context);
  const documented = operationsOf(context, "paths");
  const operations = highLevel ? documented : distinctOperations(documented);
  requireDistinct(operations, context);
  const beyond = highLevel ? beyondCore(operations) : [];
  if (beyond.length > 0) throw new UnsupportedError(beyond, identity.file);
  return {
    name: identity.name,
    api: identity.api,
    typeName: freeTypeName(identity.name, operations),
    source: identity.file,
    server: highLevel ? undefined : serverOf(document.servers),
    highLevel,
    operations,
    webhooks: highLevel ? [] : operationsOf(context, "webhooks"),
    schemas,
  };
}

function operationsOf(context: Context, kind: "paths" | "webhooks"): Operation[] {
  const found: Operation[] = [];
  for (const [path, pathItem] of Object.entries(objectAt(context.document[kind]))) {
    if (!isObject(pathItem)) continue;
    for (const method of METHODS) {
      if (!isObject(pathItem[method])) continue;
      found.push(buildOperation(context, { method, path, pathItem, position: at(ROOT, kind, path) }));
    }
  }
  return found;
}

function schemasOf(context: Context): Record<string, Schema> {
  const schemas = objectAt(objectAt(context.document.components).schemas);
  const position = at(ROOT, "components", "schemas");
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => {
      checkReferences(context, schema, at(position, name));
      return [name, asSchema(schema)];
    }),
  );
}

function requireDistinct(operations: readonly Operation[], context: Context): void {
  const taken = { id: new Map<string, string>(), name: new Map<string, string>() };
  for (const operation of operations) {
    claim(taken.name, { name: operation.name, what: "method name" }, [operation, context]);
    claim(taken.id, { name: operation.id, what: "operationId" }, [operation, context]);
  }
}

function claim(
  taken: Map<string, string>,
  { name, what }: { readonly name: string; readonly what: string },
  [operation, context]: readonly [Operation, Context],
): void {
  const here = `${operation.method} ${operation.path}`;
  const other = taken.get(name);
  if (other !== undefined) {
    const help = context.highLevel ? "an overlay can set x-method-name" : "set x-method-name on one of them";
    throw new NameClashError(`${what} ${name} must be unique, got ${other} and ${here}; ${help}`, {
      file: context.file,
      pointer: pointerOf(at(ROOT, "paths", operation.path, operation.method.toLowerCase())),
    });
  }
  taken.set(name, here);
}
