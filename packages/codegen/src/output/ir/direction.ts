import { arrayAt, isObject, type Json, type JsonObject, objectAt } from "../../json/json.ts";
import { ROOT, resolvePointer } from "../../json/pointer.ts";
import { isMethod, walkSchema } from "../../json/walk.ts";

type Mark = "readOnly" | "writeOnly";

/**
 * The document with `required` taken from what does not travel that way: a `readOnly` property where a request reaches its
 * schema, a `writeOnly` one where an answer does. A schema that both reach has both optional. The input is left alone.
 *
 * OpenAPI 3.0.3, Schema Object, `readOnly`: `required` takes effect on the response only.
 */
export function relaxRequired(input: JsonObject): JsonObject {
  const text = JSON.stringify(input);
  if (!/"(?:readOnly|writeOnly)":true/.test(text)) return input;
  const document = JSON.parse(text) as JsonObject;
  const { requests, answers } = rootsOf(document);
  relax(document, requests, "readOnly");
  relax(document, answers, "writeOnly");
  return document;
}

interface Roots {
  readonly requests: Json[];
  readonly answers: Json[];
}

/** The schemas of bodies by the way they travel. A webhook is a request of the API, so its body is an answer here. */
function rootsOf(document: JsonObject): Roots {
  const roots: Roots = { requests: [], answers: [] };
  for (const kind of ["paths", "webhooks"] as const) {
    const sent = kind === "paths" ? roots.requests : roots.answers;
    const received = kind === "paths" ? roots.answers : roots.requests;
    for (const pathItem of Object.values(objectAt(document[kind]))) {
      for (const [method, operation] of Object.entries(objectAt(pathItem))) {
        if (!isMethod(method) || !isObject(operation)) continue;
        const follow = (value: Json | undefined): JsonObject => objectAt(throughReference(document, value));
        sent.push(...contentOf(follow(operation.requestBody)));
        for (const response of Object.values(objectAt(operation.responses)))
          received.push(...contentOf(follow(response)));
      }
    }
  }
  return roots;
}

function contentOf(holder: JsonObject): Json[] {
  return Object.values(objectAt(holder.content)).flatMap((media) => objectAt(media).schema ?? []);
}

function relax(document: JsonObject, roots: readonly Json[], mark: Mark): void {
  const met = new Set<Json>();
  const open = [...roots];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    walkSchema(next, ROOT, (schema) => {
      if (met.has(schema)) return;
      met.add(schema);
      dropMarked(document, schema, mark);
      if (typeof schema.$ref === "string") open.push(...[resolvePointer(document, schema.$ref) ?? []].flat());
    });
  }
}

/** `required` may stand beside the `allOf` that has the property, or in another part of it. */
function dropMarked(document: JsonObject, schema: JsonObject, mark: Mark): void {
  const marked = markedProperties(document, schema, { mark, met: new Set() });
  if (marked.size === 0) return;
  for (const part of [schema, ...arrayAt(schema.allOf).filter(isObject)]) {
    if (!Array.isArray(part.required)) continue;
    part.required = part.required.filter((name) => !marked.has(String(name)));
    if (part.required.length === 0) delete part.required;
  }
}

function markedProperties(
  document: JsonObject,
  schema: Json | undefined,
  { mark, met }: { readonly mark: Mark; readonly met: Set<Json> },
): Set<string> {
  const marked = new Set<string>();
  const target = throughReference(document, schema);
  if (!isObject(target) || met.has(target)) return marked;
  met.add(target);
  for (const [name, property] of Object.entries(objectAt(target.properties))) {
    const isMarked = objectAt(property)[mark] === true || objectAt(throughReference(document, property))[mark] === true;
    if (isMarked) marked.add(name);
  }
  for (const part of arrayAt(target.allOf))
    for (const name of markedProperties(document, part, { mark, met })) marked.add(name);
  return marked;
}

/** A chain of references longer than any real one is a circle, which others refuse. */
function throughReference(document: JsonObject, value: Json | undefined): Json | undefined {
  let current = value;
  for (let hops = 0; hops < 20 && isObject(current) && typeof current.$ref === "string"; hops++)
    current = resolvePointer(document, current.$ref);
  return current;
}
