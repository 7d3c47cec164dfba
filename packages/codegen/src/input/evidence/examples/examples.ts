import { arrayAt, isObject, type Json, type JsonObject, objectAt } from "../../../json/json.ts";
import { at, type Position } from "../../../json/pointer.ts";
import { operationsOf, walkReferences, walkSchemas } from "../../../json/walk.ts";
import type { SchemaAt } from "../shape/misfit.ts";

/**
 * Keyword that carries examples from an upstream document to its distilled form: a list of values on a schema, a media
 * type or a parameter. Only `carryExamples` writes it, and no file of `openapi/` contains it.
 */
export const EXAMPLES = "x-examples";

/** Direction in which a schema's values travel. */
export type Use = "request" | "answer" | "parameter";

/** One example of a document. */
export interface Example extends SchemaAt {
  readonly value: Json;
}

/**
 * The document with its examples where distilling leaves them. The input is left alone.
 *
 * Examples stand under `example` or `examples` of a schema, a media type or a parameter. HighLevel also writes the map form
 * of media types (`{ name: { value } }`) inside schemas.
 */
export function carryExamples(input: JsonObject): JsonObject {
  const document = structuredClone(input);
  walkSchemas(document, mark);
  for (const { pathItem, operation } of operationsOf(document)) {
    for (const parameter of [...arrayAt(pathItem.parameters), ...arrayAt(operation.parameters)]) {
      if (isObject(parameter)) mark(parameter);
    }
    for (const holder of [operation.requestBody, ...Object.values(objectAt(operation.responses))]) {
      for (const media of Object.values(objectAt(objectAt(holder).content))) if (isObject(media)) mark(media);
    }
  }
  return document;
}

function mark(holder: JsonObject): void {
  if (holder[EXAMPLES] !== undefined) return;
  const values = [...(holder.example === undefined ? [] : [holder.example]), ...valuesOf(holder.examples)];
  if (values.length > 0) holder[EXAMPLES] = values;
}

/** A list in a schema, a map of Example Objects elsewhere. */
function valuesOf(examples: Json | undefined): Json[] {
  if (Array.isArray(examples)) return examples;
  return Object.values(objectAt(examples)).flatMap((example) => {
    if (isObject(example) && typeof example.$ref === "string") return [];
    return isObject(example) && example.value !== undefined ? [example.value] : [example];
  });
}

/** Every example of a distilled document that was made from `carryExamples`, with the schema it belongs to. */
export function* examplesOf(document: JsonObject): Generator<Example> {
  const found: Example[] = [];
  const collect = (holder: JsonObject, schema: Json, position: Position): void => {
    for (const value of arrayAt(holder[EXAMPLES])) found.push({ schema, position, value });
  };
  walkSchemas(document, (schema, position) => collect(schema, schema, position));
  for (const { operation, position } of operationsOf(document)) {
    arrayAt(operation.parameters).forEach((parameter, index) => {
      const here = at(position, "parameters", index, "schema");
      if (isObject(parameter)) collect(parameter, parameter.schema ?? true, here);
    });
    for (const { content, here } of contentsOf(operation, position)) {
      for (const [type, media] of Object.entries(content)) {
        if (isObject(media)) collect(media, media.schema ?? true, at(here, "content", type, "schema"));
      }
    }
  }
  yield* found;
}

interface Contents {
  readonly content: JsonObject;
  readonly here: Position;
  readonly use: Use;
}

function contentsOf(operation: JsonObject, position: Position): Contents[] {
  const of = (holder: Json | undefined, here: Position, use: Use): Contents => {
    return { content: objectAt(objectAt(holder).content), here, use };
  };
  return [
    of(operation.requestBody, at(position, "requestBody"), "request"),
    ...Object.entries(objectAt(operation.responses)).map(([status, response]) =>
      of(response, at(position, "responses", status), "answer"),
    ),
  ];
}

/** The ways in which each component schema of a distilled document travels, by name. */
export function usesOf(document: JsonObject): ReadonlyMap<string, ReadonlySet<Use>> {
  const schemas = objectAt(objectAt(document.components).schemas);
  const uses = new Map<string, Set<Use>>();
  const reach = (root: Json | undefined, use: Use): void => {
    walkReferences({ root: root ?? true }, (_, reference) => {
      const name = componentName(reference);
      if (name === undefined) return;
      const known = uses.get(name) ?? new Set<Use>();
      if (known.has(use)) return;
      uses.set(name, known.add(use));
      reach(schemas[name], use);
    });
  };
  for (const { operation, position } of operationsOf(document)) {
    for (const parameter of arrayAt(operation.parameters)) reach(parameter, "parameter");
    for (const { content, use } of contentsOf(operation, position)) reach(content, use);
  }
  return uses;
}

/** The ways in which the schema at a pointer travels. */
export function usesAt(pointer: string, uses: ReadonlyMap<string, ReadonlySet<Use>>): ReadonlySet<Use> {
  const name = componentName(pointer);
  if (name !== undefined) return uses.get(name) ?? new Set();
  if (/^#\/paths\/[^/]+\/[^/]+\/parameters\//.test(pointer)) return new Set(["parameter"]);
  return new Set([/^#\/paths\/[^/]+\/[^/]+\/responses\//.test(pointer) ? "answer" : "request"]);
}

const COMPONENT = /^#\/components\/schemas\/([^/]+)/;

/** Name of the component schema that a pointer leads to or into. */
export function componentName(pointer: string): string | undefined {
  const token = COMPONENT.exec(pointer)?.[1];
  return token === undefined ? undefined : decodeURIComponent(token).replaceAll("~1", "/").replaceAll("~0", "~");
}
