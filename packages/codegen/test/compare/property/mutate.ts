import { isObject, type Json, type JsonObject, objectAt } from "../../../src/json/json.ts";
import { resolvePointer } from "../../../src/json/pointer.ts";
import { randomFrom } from "./rewrite.ts";

/** A position in a document where any change is a change of the interface: no union above it could make up for it. */
interface Site {
  readonly schema: JsonObject;
  readonly path: string;
}

/** Every such schema that operations reach. */
function sitesOf(document: JsonObject): Site[] {
  const found = new Map<JsonObject, Site>();
  const walk = (value: Json | undefined, path: string): void => {
    if (!isObject(value)) return;
    if (typeof value.$ref === "string") {
      walk(resolvePointer(document, value.$ref), path);
      return;
    }
    if (found.has(value) || value.oneOf !== undefined || value.anyOf !== undefined || value.allOf !== undefined) return;
    found.set(value, { schema: value, path });
    walk(value.items, `${path}[]`);
    walk(value.additionalProperties, `${path}{*}`);
    for (const [name, member] of Object.entries(objectAt(value.properties))) walk(member, `${path}.${name}`);
  };
  for (const item of Object.values(objectAt(document.paths))) {
    const post = objectAt(objectAt(item).post);
    for (const parameter of (post.parameters as JsonObject[] | undefined) ?? []) walk(parameter.schema, "parameter");
    for (const holder of [objectAt(post.requestBody), ...Object.values(objectAt(post.responses)).map(objectAt)]) {
      for (const media of Object.values(objectAt(holder.content))) walk(objectAt(media).schema, "body");
    }
  }
  return [...found.values()];
}

const MUTATIONS: readonly ((schema: JsonObject) => string | undefined)[] = [
  (schema) => {
    if (schema.type !== "object" || !isObject(schema.properties)) return undefined;
    schema.properties.fresh = { type: "string" };
    return "a field added";
  },
  (schema) => {
    if (schema.type !== "object" || !isObject(schema.properties)) return undefined;
    const [name] = Object.keys(schema.properties);
    if (name === undefined) return undefined;
    delete schema.properties[name];
    schema.required = ((schema.required as string[] | undefined) ?? []).filter((one) => one !== name);
    return "a field removed";
  },
  (schema) => {
    if (!isObject(schema.properties)) return undefined;
    const [name] = Object.keys(schema.properties);
    if (name === undefined) return undefined;
    const required = (schema.required as string[] | undefined) ?? [];
    schema.required = required.includes(name) ? required.filter((one) => one !== name) : [...required, name];
    return "a field required or no longer so";
  },
  (schema) => {
    if (schema.type !== "string") return undefined;
    schema.type = "integer";
    delete schema.enum;
    return "a text made a number";
  },
  (schema) => {
    if (!Array.isArray(schema.enum)) return undefined;
    schema.enum.push("fresh");
    return "a value added";
  },
  (schema) => {
    if (schema.type !== "string" || schema.enum !== undefined) return undefined;
    schema.maxLength = Number(schema.maxLength ?? 0) + 1;
    return "a length changed";
  },
  (schema) => {
    if (schema.type !== "integer" && schema.type !== "boolean") return undefined;
    schema.type = [schema.type, "null"];
    return "null allowed";
  },
  (schema) => {
    if (schema.deprecated === true || Object.keys(schema).length === 0) return undefined;
    schema.deprecated = true;
    return "deprecated";
  },
  (schema) => {
    if (schema.type !== "array") return undefined;
    for (const key of Object.keys(schema)) delete schema[key];
    schema.type = "boolean";
    return "a list made a boolean";
  },
];

/** Makes one change and says which. It returns undefined when the document has no part that can change in this way. */
export function mutate(document: JsonObject, seed: number): { document: JsonObject; what: string } | undefined {
  const random = randomFrom(seed);
  const copy = structuredClone(document);
  const sites = sitesOf(copy);
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  for (let attempt = 0; attempt < 20; attempt++) {
    const site = pick(sites);
    const what = site === undefined ? undefined : pick(MUTATIONS)?.(site.schema);
    if (what !== undefined) return { document: copy, what: `${what} at ${site?.path}` };
  }
  return undefined;
}
