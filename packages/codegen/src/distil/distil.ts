import { byCodeUnit, isObject, type JsonObject, objectAt, setMember } from "../json.ts";
import { METHODS } from "../walk.ts";
import { distilOperation } from "./operation.ts";
import { reachableSchemas } from "./reachable.ts";
import { distilSchema } from "./schema.ts";
import { distilSecuritySchemes } from "./security.ts";
import { distilServers } from "./servers.ts";

export interface DistilOptions {
  /** Module name, the distilled document's title. */
  readonly title: string;
  /** API generation, or the version of a document that is not HighLevel's. */
  readonly version: string;
}

/**
 * The interface facts of a repaired, self-contained document, as canonical OpenAPI 3.1: no prose, no schema that no
 * operation reaches, one order of everything whose order means nothing. A pure function of its arguments.
 */
export function distil(document: JsonObject, options: DistilOptions): JsonObject {
  const paths = distilPaths(document);
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
    components: { schemas: reachableSchemas(paths, schemas), securitySchemes: schemes },
  };
}

function distilPaths(document: JsonObject): JsonObject {
  const paths = objectAt(document.paths);
  const result: JsonObject = {};
  for (const path of Object.keys(paths).sort(byCodeUnit)) {
    const pathItem = objectAt(paths[path]);
    const distilled: JsonObject = {};
    for (const method of METHODS) {
      const operation = pathItem[method];
      if (isObject(operation)) distilled[method] = distilOperation(path, pathItem, operation, document.security);
    }
    if (Object.keys(distilled).length > 0) result[path] = distilled;
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
