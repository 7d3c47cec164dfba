import { byCodeUnit, isObject, type Json, type JsonObject, objectAt, setMember } from "../../json/json.ts";
import { METHODS } from "../../json/walk.ts";
import { reachableSchemas } from "../load/reachable.ts";
import { distilOperation } from "./operation.ts";
import { distilSchema } from "./schema.ts";
import { distilSecuritySchemes } from "./security.ts";
import { distilServers } from "./servers.ts";

/** Options of {@link distil}. */
export interface DistilOptions {
  /**
   * Keeps what only a document that is not HighLevel's may have: schemas that no operation reaches, and a header called
   * Version as a header. Default false.
   */
  readonly otherApi?: boolean;
  /** Module name, the distilled document's title. */
  readonly title: string;
  /** API generation, or the version of a document that is not HighLevel's. */
  readonly version: string;
}

/**
 * Reduces a repaired, self-contained document to the interface, as canonical OpenAPI 3.1. It has no prose and no schema that
 * no operation reaches. Everything whose order means nothing has one order. The function is pure.
 *
 * @param document - The document, with all references inside it
 * @param options - Title and version of the distilled document
 * @returns The distilled document
 * @example
 * ```ts
 * import { distil, loadDocument } from "@ghl-edge/codegen";
 *
 * const document = await loadDocument("petstore.yaml");
 * const distilled = distil(document, { title: "petstore", version: "1", otherApi: true });
 * ```
 */
export function distil(document: JsonObject, options: DistilOptions): JsonObject {
  const otherApi = options.otherApi === true;
  const paths = distilPaths(document.paths, document.security, otherApi);
  const webhooks = distilPaths(document.webhooks, document.security, otherApi);
  const components = objectAt(document.components);
  const schemas: JsonObject = {};
  for (const [name, schema] of Object.entries(objectAt(components.schemas)))
    setMember(schemas, name, distilSchema(schema));
  const schemes = distilSecuritySchemes(objectAt(components.securitySchemes), usedSchemes(paths));
  return {
    openapi: "3.1.0",
    info: { title: options.title, version: options.version },
    servers: distilServers(document.servers),
    paths,
    ...(isObject(document.webhooks) ? { webhooks } : {}),
    components: {
      schemas: otherApi ? sortMembersOf(schemas) : reachableSchemas({ paths, webhooks }, schemas),
      securitySchemes: schemes,
    },
  };
}

function sortMembersOf(schemas: JsonObject): JsonObject {
  const result: JsonObject = {};
  for (const name of Object.keys(schemas).sort(byCodeUnit)) setMember(result, name, schemas[name] ?? {});
  return result;
}

function distilPaths(items: Json | undefined, security: Json | undefined, otherApi: boolean): JsonObject {
  const paths = objectAt(items);
  const result: JsonObject = {};
  for (const path of Object.keys(paths).sort(byCodeUnit)) {
    const pathItem = objectAt(paths[path]);
    const distilled: JsonObject = {};
    for (const method of METHODS) {
      const operation = pathItem[method];
      if (!isObject(operation)) continue;
      const secured =
        operation.security === undefined && security !== undefined ? { ...operation, security } : operation;
      distilled[method] = distilOperation(path, { pathItem, operation: secured }, otherApi);
    }
    if (Object.keys(distilled).length > 0) setMember(result, path, distilled);
  }
  return result;
}

function usedSchemes(paths: JsonObject): Set<string> {
  const used = new Set<string>();
  for (const pathItem of Object.values(paths)) {
    for (const operation of Object.values(objectAt(pathItem))) {
      const security = objectAt(operation).security;
      for (const requirement of Array.isArray(security) ? security : []) {
        for (const scheme of Object.keys(objectAt(requirement))) used.add(scheme);
      }
    }
  }
  return used;
}
