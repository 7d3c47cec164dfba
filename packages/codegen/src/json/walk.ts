import { arrayAt, isObject, type Json, type JsonObject, objectAt } from "./json.ts";
import { at, type Position, ROOT } from "./pointer.ts";

export const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"] as const;
export type Method = (typeof METHODS)[number];

export interface OperationVisit {
  readonly method: Method;
  readonly path: string;
  readonly pathItem: JsonObject;
  readonly operation: JsonObject;
  readonly position: Position;
}

/** Every operation in document order. */
export function* operationsOf(document: JsonObject): Generator<OperationVisit> {
  for (const [path, pathItem] of Object.entries(objectAt(document.paths))) {
    if (!isObject(pathItem)) continue;
    for (const method of Object.keys(pathItem)) {
      const operation = pathItem[method];
      if (!isMethod(method) || !isObject(operation)) continue;
      yield { method, path, pathItem, operation, position: at(ROOT, "paths", path, method) };
    }
  }
}

export function isMethod(key: string): key is Method {
  return (METHODS as readonly string[]).includes(key);
}

export type SchemaVisitor = (schema: JsonObject, position: Position) => void;

const SINGLE = ["items", "additionalProperties", "not", "contains", "propertyNames", "if", "then", "else"];
const LISTS = ["allOf", "oneOf", "anyOf", "prefixItems"];
const MAPS = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"];

/** One schema and everything below it, parents first. A visitor may change the schema it is given, in place. */
export function walkSchema(schema: Json | undefined, position: Position, visit: SchemaVisitor): void {
  if (!isObject(schema)) return;
  visit(schema, position);
  for (const key of SINGLE) {
    if (schema[key] !== undefined) walkSchema(schema[key], at(position, key), visit);
  }
  for (const key of LISTS) {
    if (schema[key] === undefined) continue;
    arrayAt(schema[key]).forEach((member, index) => {
      walkSchema(member, at(position, key, index), visit);
    });
  }
  for (const key of MAPS) {
    const map = schema[key];
    if (!isObject(map)) continue;
    for (const name of Object.keys(map)) walkSchema(map[name], at(position, key, name), visit);
  }
}

/** Every schema of a document, wherever it stands: components first, then operations in document order. */
export function walkSchemas(document: JsonObject, visit: SchemaVisitor): void {
  const components = objectAt(document.components);
  const position = at(ROOT, "components");
  walkMap(components.schemas, at(position, "schemas"), (schema, here) => walkSchema(schema, here, visit));
  walkMap(components.parameters, at(position, "parameters"), (value, here) => walkParameter(value, here, visit));
  walkMap(components.headers, at(position, "headers"), (value, here) => walkParameter(value, here, visit));
  walkMap(components.requestBodies, at(position, "requestBodies"), (value, here) => walkContent(value, here, visit));
  walkMap(components.responses, at(position, "responses"), (value, here) => walkResponse(value, here, visit));
  walkMap(components.mediaTypes, at(position, "mediaTypes"), (media, here) => {
    if (isObject(media)) walkSchema(media.schema, at(here, "schema"), visit);
  });
  walkMap(components.pathItems, at(position, "pathItems"), (pathItem, here) => walkPathItem(pathItem, here, visit));
  walkMap(document.paths, at(ROOT, "paths"), (pathItem, here) => walkPathItem(pathItem, here, visit));
  walkMap(document.webhooks, at(ROOT, "webhooks"), (pathItem, here) => walkPathItem(pathItem, here, visit));
}

function walkPathItem(pathItem: Json | undefined, position: Position, visit: SchemaVisitor): void {
  if (!isObject(pathItem)) return;
  walkParameters(pathItem.parameters, at(position, "parameters"), visit);
  for (const method of Object.keys(pathItem)) {
    if (isMethod(method)) walkOperation(pathItem[method], at(position, method), visit);
  }
}

function walkOperation(operation: Json | undefined, position: Position, visit: SchemaVisitor): void {
  if (!isObject(operation)) return;
  walkParameters(operation.parameters, at(position, "parameters"), visit);
  walkContent(operation.requestBody, at(position, "requestBody"), visit);
  walkMap(operation.responses, at(position, "responses"), (response, here) => walkResponse(response, here, visit));
}

function walkParameters(parameters: Json | undefined, position: Position, visit: SchemaVisitor): void {
  arrayAt(parameters).forEach((parameter, index) => {
    walkParameter(parameter, at(position, index), visit);
  });
}

function walkParameter(parameter: Json | undefined, position: Position, visit: SchemaVisitor): void {
  if (!isObject(parameter)) return;
  walkSchema(parameter.schema, at(position, "schema"), visit);
  walkContent(parameter, position, visit);
}

function walkResponse(response: Json | undefined, position: Position, visit: SchemaVisitor): void {
  if (!isObject(response)) return;
  walkContent(response, position, visit);
  walkMap(response.headers, at(position, "headers"), (header, here) => walkParameter(header, here, visit));
}

function walkContent(holder: Json | undefined, position: Position, visit: SchemaVisitor): void {
  if (!isObject(holder)) return;
  walkMap(holder.content, at(position, "content"), (media, here) => {
    if (isObject(media)) walkSchema(media.schema, at(here, "schema"), visit);
  });
}

function walkMap(
  map: Json | undefined,
  position: Position,
  each: (value: Json | undefined, position: Position) => void,
): void {
  if (!isObject(map)) return;
  for (const key of Object.keys(map)) each(map[key], at(position, key));
}

/**
 * Every `$ref` of a document, also those outside schemas. Examples and extensions (`x-…`) are data, also where they have the
 * shape of a reference.
 */
export function walkReferences(
  document: JsonObject,
  visit: (holder: JsonObject, reference: string, position: Position) => void,
): void {
  const step = (value: Json | undefined, position: Position): void => {
    if (Array.isArray(value)) {
      value.forEach((item, index) => {
        step(item, at(position, index));
      });
    } else if (isObject(value)) {
      // a schema may have a property called `$ref`, whose value then is a schema, not a string
      if (typeof value.$ref === "string") visit(value, value.$ref, position);
      for (const key of Object.keys(value)) {
        if (isNameMap(position) ? !isExtension(key, position) : !OPAQUE.has(key) && !key.startsWith("x-"))
          step(value[key], at(position, key));
      }
    }
  };
  step(document, ROOT);
}

const OPAQUE = new Set(["example", "examples", "default", "enum", "const"]);
const NAME_MAPS = new Set([...MAPS, "paths", "responses", "content"]);
/** Below these keys the member names are the author's own, so a property may well be called `example`. */
const isNameMap = (position: Position): boolean =>
  NAME_MAPS.has(position.key) || (position.parent?.key === "components" && position.parent.parent === ROOT);
/** `x-…` is a name of the author's own in a map of schemas, but an extension beside paths and responses. */
const isExtension = (key: string, position: Position): boolean =>
  key.startsWith("x-") &&
  (position.key === "paths" || position.key === "responses") &&
  position.parent?.key !== "properties";
