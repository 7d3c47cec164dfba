import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { isObject, type Json, type JsonObject, objectAt } from "../../src/json/json.ts";
import { ROOT, resolvePointer } from "../../src/json/pointer.ts";
import { operationsOf, walkSchema, walkSchemas } from "../../src/json/walk.ts";
import { readFieldKey } from "../../src/output/fields/load-fields.ts";
import { committedDocuments, OPENAPI } from "./repository.ts";

/** A field at a position, as a key of `fields.yaml` names it most exactly. */
export interface FieldUse {
  readonly module: string;
  readonly schema: string | undefined;
  readonly field: string;
}

const PREFIX = "#/components/schemas/";

/** Every document of the repository by module, the events among them. */
function documents(): readonly { readonly module: string; readonly document: JsonObject }[] {
  const apis = committedDocuments().map(({ name, document }) => ({ module: name.slice(3), document }));
  const events = parse(readFileSync(`${OPENAPI}/webhooks.yaml`, "utf8")) as JsonObject;
  return [...apis, { module: "webhooks", document: events }];
}

/** The fields that a value reaches, each once per schema that lists it. */
function reached(document: JsonObject, value: Json | undefined, module: string): FieldUse[] {
  const found = new Map<string, FieldUse>();
  const met = new Set<string>();
  const visit = (schema: Json | undefined, name: string | undefined): void => {
    walkSchema(schema, ROOT, (one) => {
      for (const field of Object.keys(objectAt(one.properties)))
        found.set(`${name}.${field}`, { module, schema: name, field });
      if (typeof one.$ref !== "string" || met.has(one.$ref)) return;
      met.add(one.$ref);
      const target = resolvePointer(document, one.$ref);
      if (one.$ref.startsWith(PREFIX)) visit(target, one.$ref.slice(PREFIX.length));
      else if (isObject(target)) findSchemas(target, (inner) => visit(inner, undefined));
    });
  };
  findSchemas(value, (schema) => visit(schema, undefined));
  return [...found.values()];
}

/** The schemas of bodies, answers and parameters, wherever they stand below a value. */
function findSchemas(value: Json | undefined, visit: (schema: Json) => void): void {
  if (Array.isArray(value)) for (const item of value) findSchemas(item, visit);
  if (!isObject(value)) return;
  for (const [key, member] of Object.entries(value)) {
    if (key === "schema") visit(member);
    else if (key === "$ref") visit(value);
    else findSchemas(member, visit);
  }
}

/** One entry per operation or event and field that it sends, answers or takes as a parameter. */
export function fieldUses(): FieldUse[] {
  return documents().flatMap(({ module, document }) => {
    const events = Object.values(objectAt(document.webhooks)).map((event) => objectAt(objectAt(event).post));
    const operations = [...operationsOf(document)].map(({ operation }) => operation);
    return [...operations, ...events].flatMap((operation) => [
      ...parametersOf(operation).map((field) => ({ module, schema: undefined, field })),
      ...reached(document, operation.requestBody, module),
      ...reached(document, operation.responses, module),
    ]);
  });
}

function parametersOf(operation: JsonObject): string[] {
  const parameters = Array.isArray(operation.parameters) ? operation.parameters : [];
  return parameters.flatMap((parameter) =>
    isObject(parameter) && typeof parameter.name === "string" && parameter.in !== "header" ? [parameter.name] : [],
  );
}

/** The number of operations and events that use each field, the commonest first. */
export function commonest(uses: readonly FieldUse[]): [field: string, uses: number][] {
  const counts = new Map<string, number>();
  for (const { field } of uses) counts.set(field, (counts.get(field) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}

/** Every position that a key may name: `field`, `module/field`, `module/Schema.field`. */
export function fieldPaths(): ReadonlySet<string> {
  const positions = new Set<string>();
  const add = (module: string, schema: string | undefined, field: string): void => {
    if (readFieldKey(field) === undefined) return;
    positions.add(field).add(`${module}/${field}`);
    if (schema !== undefined) positions.add(`${module}/${schema}.${field}`);
  };
  for (const { module, document } of documents()) {
    for (const [name, schema] of Object.entries(objectAt(objectAt(document.components).schemas))) {
      walkSchema(schema, ROOT, (one) => {
        for (const field of Object.keys(objectAt(one.properties))) add(module, name, field);
      });
    }
    walkSchemas(document, (one) => {
      for (const field of Object.keys(objectAt(one.properties))) add(module, undefined, field);
    });
    for (const { operation } of operationsOf(document))
      for (const field of parametersOf(operation)) add(module, undefined, field);
  }
  return positions;
}
