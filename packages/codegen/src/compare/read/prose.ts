import { isObject, type Json, type JsonObject, objectAt } from "../../json/json.ts";
import { at, pointerOf, ROOT } from "../../json/pointer.ts";
import { operationsOf, walkSchema } from "../../json/walk.ts";

/** Descriptions of a document: text by path, grouped by the operation or shared schema that it belongs to. */
export type Prose = ReadonlyMap<string, ReadonlyMap<string, string>>;

const WORDS = ["summary", "description", "title", "example", "examples", "externalDocs", "tags"];

/** The words of a repaired document, by `GET /contacts/` and `schema ContactDto`. A path without words is there too. */
export function collectProse(document: JsonObject): Prose {
  const prose = new Map<string, ReadonlyMap<string, string>>();
  for (const { method, path, operation } of operationsOf(document)) {
    prose.set(`${method.toUpperCase()} ${path}`, wordsOf(operation));
  }
  for (const [name, schema] of Object.entries(objectAt(objectAt(document.components).schemas))) {
    const words = new Map<string, string>();
    walkSchema(schema, ROOT, (visited, position) => void words.set(pathText(pointerOf(position)), textOf(visited)));
    prose.set(`schema ${name}`, words);
  }
  return prose;
}

function textOf(value: JsonObject): string {
  const said = WORDS.filter((key) => value[key] !== undefined);
  return said.map((key) => `${key}: ${JSON.stringify(value[key])}`).join("\n");
}

function wordsOf(operation: JsonObject): Map<string, string> {
  const words = new Map([["", textOf(operation)]]);
  const schema = (value: Json | undefined, prefix: string): void => {
    walkSchema(value, at(ROOT), (visited, position) => {
      words.set(prefix + pathText(pointerOf(position)), textOf(visited));
    });
  };
  const content = (holder: JsonObject, prefix: string): void => {
    words.set(prefix, textOf(holder));
    for (const media of Object.values(objectAt(holder.content))) {
      words.set(`${prefix} (example)`, textOf(objectAt(media)));
      schema(objectAt(media).schema, `${prefix} value`);
    }
  };
  for (const parameter of Array.isArray(operation.parameters) ? operation.parameters : []) {
    if (!isObject(parameter)) continue;
    const prefix = `${parameter.in} ${parameter.name}`;
    words.set(prefix, textOf(parameter));
    schema(parameter.schema, `${prefix} value`);
  }
  if (isObject(operation.requestBody)) content(operation.requestBody, "body");
  for (const [status, response] of Object.entries(objectAt(operation.responses))) content(objectAt(response), status);
  return words;
}

/** `#/properties/items/items` → `.items[]`. */
function pathText(pointer: string): string {
  return pointer
    .slice(1)
    .replaceAll(/\/properties\/([^/]+)/g, ".$1")
    .replaceAll(/\/items(?=[/.]|$)/g, "[]")
    .replaceAll("/additionalProperties", "{*}");
}

/** Paths whose words differ, where both sides have the path. */
export function changedWords(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  return [...before]
    .filter(([position, text]) => after.has(position) && after.get(position) !== text)
    .map(([position]) => position);
}
