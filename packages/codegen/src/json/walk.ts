import { arrayAt, isObject, type Json, type JsonObject, objectAt } from "./json.ts";
import { at, type Place, ROOT } from "./pointer.ts";

export const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"] as const;
export type Method = (typeof METHODS)[number];

export interface OperationVisit {
  readonly method: Method;
  readonly path: string;
  readonly pathItem: JsonObject;
  readonly operation: JsonObject;
  readonly place: Place;
}

/** Every operation in document order. */
export function* operationsOf(document: JsonObject): Generator<OperationVisit> {
  for (const [path, pathItem] of Object.entries(objectAt(document.paths))) {
    if (!isObject(pathItem)) continue;
    for (const method of Object.keys(pathItem)) {
      const operation = pathItem[method];
      if (!isMethod(method) || !isObject(operation)) continue;
      yield { method, path, pathItem, operation, place: at(ROOT, "paths", path, method) };
    }
  }
}

export function isMethod(key: string): key is Method {
  return (METHODS as readonly string[]).includes(key);
}

export type SchemaVisitor = (schema: JsonObject, place: Place) => void;

const SINGLE = ["items", "additionalProperties", "not", "contains", "propertyNames", "if", "then", "else"];
const LISTS = ["allOf", "oneOf", "anyOf", "prefixItems"];
const MAPS = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"];

/** One schema and everything below it, parents first. A visitor may change the schema it is given, in place. */
export function walkSchema(schema: Json | undefined, place: Place, visit: SchemaVisitor): void {
  if (!isObject(schema)) return;
  visit(schema, place);
  for (const key of SINGLE) {
    if (schema[key] !== undefined) walkSchema(schema[key], at(place, key), visit);
  }
  for (const key of LISTS) {
    if (schema[key] === undefined) continue;
    arrayAt(schema[key]).forEach((member, index) => {
      walkSchema(member, at(place, key, index), visit);
    });
  }
  for (const key of MAPS) {
    const map = schema[key];
    if (!isObject(map)) continue;
    for (const name of Object.keys(map)) walkSchema(map[name], at(place, key, name), visit);
  }
}

/** Every schema of a document, wherever it stands: components first, then operations in document order. */
export function walkSchemas(document: JsonObject, visit: SchemaVisitor): void {
  const components = objectAt(document.components);
  const place = at(ROOT, "components");
  walkMap(components.schemas, at(place, "schemas"), (schema, here) => walkSchema(schema, here, visit));
  walkMap(components.parameters, at(place, "parameters"), (value, here) => walkParameter(value, here, visit));
  walkMap(components.headers, at(place, "headers"), (value, here) => walkParameter(value, here, visit));
  walkMap(components.requestBodies, at(place, "requestBodies"), (value, here) => walkContent(value, here, visit));
  walkMap(components.responses, at(place, "responses"), (value, here) => walkResponse(value, here, visit));
  walkMap(components.mediaTypes, at(place, "mediaTypes"), (media, here) => {
    if (isObject(media)) walkSchema(media.schema, at(here, "schema"), visit);
  });
  walkMap(components.pathItems, at(place, "pathItems"), (pathItem, here) => walkPathItem(pathItem, here, visit));
  walkMap(document.paths, at(ROOT, "paths"), (pathItem, here) => walkPathItem(pathItem, here, visit));
  walkMap(document.webhooks, at(ROOT, "webhooks"), (pathItem, here) => walkPathItem(pathItem, here, visit));
}

function walkPathItem(pathItem: Json | undefined, place: Place, visit: SchemaVisitor): void {
  if (!isObject(pathItem)) return;
  walkParameters(pathItem.parameters, at(place, "parameters"), visit);
  for (const method of Object.keys(pathItem)) {
    if (isMethod(method)) walkOperation(pathItem[method], at(place, method), visit);
  }
}

function walkOperation(operation: Json | undefined, place: Place, visit: SchemaVisitor): void {
  if (!isObject(operation)) return;
  walkParameters(operation.parameters, at(place, "parameters"), visit);
  walkContent(operation.requestBody, at(place, "requestBody"), visit);
  walkMap(operation.responses, at(place, "responses"), (response, here) => walkResponse(response, here, visit));
}

function walkParameters(parameters: Json | undefined, place: Place, visit: SchemaVisitor): void {
  arrayAt(parameters).forEach((parameter, index) => {
    walkParameter(parameter, at(place, index), visit);
  });
}

function walkParameter(parameter: Json | undefined, place: Place, visit: SchemaVisitor): void {
  if (!isObject(parameter)) return;
  walkSchema(parameter.schema, at(place, "schema"), visit);
  walkContent(parameter, place, visit);
}

function walkResponse(response: Json | undefined, place: Place, visit: SchemaVisitor): void {
  if (!isObject(response)) return;
  walkContent(response, place, visit);
  walkMap(response.headers, at(place, "headers"), (header, here) => walkParameter(header, here, visit));
}

function walkContent(holder: Json | undefined, place: Place, visit: SchemaVisitor): void {
  if (!isObject(holder)) return;
  walkMap(holder.content, at(place, "content"), (media, here) => {
    if (isObject(media)) walkSchema(media.schema, at(here, "schema"), visit);
  });
}

function walkMap(map: Json | undefined, place: Place, each: (value: Json | undefined, place: Place) => void): void {
  if (!isObject(map)) return;
  for (const key of Object.keys(map)) each(map[key], at(place, key));
}

/**
 * Every `$ref` of a document, also those outside schemas. Examples and extensions (`x-…`) are data, also where they have the
 * shape of a reference.
 */
export function walkReferences(
  document: JsonObject,
  visit: (holder: JsonObject, reference: string, place: Place) => void,
): void {
  const step = (value: Json | undefined, place: Place): void => {
    if (Array.isArray(value)) {
      value.forEach((item, index) => {
        step(item, at(place, index));
      });
    } else if (isObject(value)) {
      // a schema may have a property called `$ref`, whose value then is a schema, not a string
      if (typeof value.$ref === "string") visit(value, value.$ref, place);
      for (const key of Object.keys(value)) {
        if (isNameMap(place) ? !isExtension(key, place) : !OPAQUE.has(key) && !key.startsWith("x-"))
          step(value[key], at(place, key));
      }
    }
  };
  step(document, ROOT);
}

const OPAQUE = new Set(["example", "examples", "default", "enum", "const"]);
const NAME_MAPS = new Set([...MAPS, "paths", "responses", "content"]);
/** Below these keys the member names are the author's own, so a property may well be called `example`. */
const isNameMap = (place: Place): boolean =>
  NAME_MAPS.has(place.key) || (place.parent?.key === "components" && place.parent.parent === ROOT);
/** `x-…` is a name of the author's own in a map of schemas, but an extension beside paths and responses. */
const isExtension = (key: string, place: Place): boolean =>
  key.startsWith("x-") && (place.key === "paths" || place.key === "responses") && place.parent?.key !== "properties";
