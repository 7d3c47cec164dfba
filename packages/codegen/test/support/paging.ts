import { arrayAt, isObject, type Json, type JsonObject, objectAt } from "../../src/json/json.ts";
import { resolvePointer } from "../../src/json/pointer.ts";
import { type OperationVisit, operationsOf } from "../../src/json/walk.ts";

/** Reads schemas of one document. */
class SchemaReader {
  readonly #document: JsonObject;

  constructor(document: JsonObject) {
    this.#document = document;
  }

  /** Follows references and steps out of `anyOf: [X, null]`. */
  follow(schema: Json | undefined): JsonObject {
    const value = objectAt(schema);
    if (typeof value.$ref === "string") return this.follow(resolvePointer(this.#document, value.$ref));
    const [only, none] = arrayAt(value.anyOf);
    return objectAt(none).type === "null" ? this.follow(only) : value;
  }

  /** The schema at a dot-separated path of an answer; undefined when the document does not know it. */
  get(schema: Json | undefined, path: string): JsonObject | undefined {
    let value: JsonObject | undefined = this.follow(schema);
    for (const step of path === "" ? [] : path.split(".")) {
      const next: Json | undefined = /^\d+$/.test(step) ? value.items : this.#member(value, step);
      if (!isObject(next)) return undefined;
      value = this.follow(next);
    }
    return value;
  }

  #member(schema: JsonObject, name: string): Json | undefined {
    const own = objectAt(schema.properties)[name];
    if (own !== undefined) return own;
    return arrayAt(schema.allOf)
      .map((part) => this.#member(this.follow(part), name))
      .find((found) => found !== undefined);
  }
}

/** Finds faults in the `x-pagination` of a document. */
export function findPagingErrors(name: string, document: JsonObject): string[] {
  const reader = new SchemaReader(document);
  return [...operationsOf(document)].flatMap((visit) =>
    errorsOf(visit, reader).map((error) => `${name} ${visit.method} ${visit.path}: ${error}`),
  );
}

function errorsOf({ operation }: OperationVisit, reader: SchemaReader): string[] {
  const row = operation["x-pagination"];
  if (!isObject(row)) return [];
  const errors: string[] = [];
  const answer = mediaSchema(
    Object.entries(objectAt(operation.responses)).find(([status]) => status.startsWith("2"))?.[1],
  );
  const items = reader.get(answer, String(row.items));
  if (items?.type !== "array") errors.push(`items ${row.items} is no array`);
  for (const key of ["total", "more"]) {
    if (row[key] !== undefined && reader.get(answer, String(row[key])) === undefined) errors.push(`${key} ${row[key]}`);
  }
  const request = (field: string): JsonObject | undefined =>
    row.in === "body"
      ? reader.get(mediaSchema(operation.requestBody), field)
      : queryParameter(operation, field, reader);
  for (const [field, source] of Object.entries(objectAt(row.cursor))) {
    if (request(field) === undefined) errors.push(`no request field ${field}`);
    const last = /^\$last\.(.+)$/.exec(String(source))?.[1];
    const found = last === undefined ? reader.get(answer, String(source)) : reader.get(items?.items, last);
    if (found === undefined) errors.push(`cursor ${source}`);
  }
  for (const key of ["param", "size"]) {
    if (row[key] === undefined) continue;
    const schema = request(String(row[key]));
    if (schema === undefined) errors.push(`no request field ${row[key]}`);
    // a parameter may take both, as its example shows
    else if (![schema.type].flat().some((type) => (type === "string") === (row.strings === true)))
      errors.push(`${row[key]} is ${schema.type}`);
  }
  return errors;
}

function queryParameter(operation: JsonObject, name: string, reader: SchemaReader): JsonObject | undefined {
  const found = arrayAt(operation.parameters).find(
    (item) => objectAt(item).name === name && objectAt(item).in === "query",
  );
  return isObject(found) ? reader.follow(found.schema) : undefined;
}

function mediaSchema(holder: Json | undefined): Json | undefined {
  return objectAt(Object.values(objectAt(objectAt(holder).content))[0]).schema;
}
