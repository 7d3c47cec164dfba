import { isObject, type Json, type JsonObject, objectAt, setMember } from "../../../src/json/json.ts";
import { resolvePointer } from "../../../src/json/pointer.ts";

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const LISTS = ["oneOf", "anyOf", "allOf", "required", "enum", "parameters", "type"];

/**
 * The same document said otherwise: members and lists in another order, references replaced by what they lead to, positions
 * made into schemas of their own, objects taken apart into `allOf`, schemas renamed.
 */
export function rewrite(document: JsonObject, seed: number): JsonObject {
  const random = randomFrom(seed);
  const copy = structuredClone(document);
  const schemas = objectAt(objectAt(copy.components).schemas);
  const added: JsonObject = {};

  const schemaOf = (value: Json, inlined = 0): Json => {
    if (!isObject(value)) return value;
    if (typeof value.$ref === "string") {
      if (random() < 0.7 || inlined > 1) return value;
      return schemaOf(structuredClone(resolvePointer(document, value.$ref) ?? {}), inlined + 1);
    }
    let result: JsonObject = {};
    for (const [key, member] of Object.entries(value)) {
      if (key === "properties") result[key] = mapOf(objectAt(member), inlined);
      else if (key === "items" || key === "additionalProperties") result[key] = schemaOf(member, inlined);
      else if (/^(oneOf|anyOf|allOf)$/.test(key) && Array.isArray(member))
        result[key] = member.map((one) => schemaOf(one, inlined));
      else result[key] = member;
    }
    if (random() < 0.2) result = takeApart(result);
    if (random() < 0.15) {
      const name = `New${Object.keys(added).length}`;
      added[name] = result;
      return { $ref: `#/components/schemas/${name}` };
    }
    return result;
  };
  const mapOf = (map: JsonObject, inlined: number): JsonObject => {
    const result: JsonObject = {};
    for (const [name, value] of Object.entries(map)) setMember(result, name, schemaOf(value, inlined));
    return result;
  };
  const takeApart = (object: JsonObject): JsonObject => {
    const names = Object.keys(objectAt(object.properties));
    if (object.type !== "object" || names.length < 2 || object.additionalProperties !== undefined) return object;
    const half = (of: string[]): JsonObject => {
      const properties: JsonObject = {};
      for (const name of of) setMember(properties, name, objectAt(object.properties)[name] ?? {});
      return { type: "object", properties };
    };
    const required = object.required === undefined ? {} : { required: object.required };
    const { properties: _, required: __, ...rest } = object;
    return { ...rest, allOf: [half(names.slice(1)), { ...half(names.slice(0, 1)), ...required }] };
  };

  for (const item of Object.values(objectAt(copy.paths))) {
    const post = objectAt(objectAt(item).post);
    for (const parameter of (post.parameters as JsonObject[] | undefined) ?? [])
      parameter.schema = schemaOf(parameter.schema ?? {});
    for (const holder of [objectAt(post.requestBody), ...Object.values(objectAt(post.responses)).map(objectAt)]) {
      for (const media of Object.values(objectAt(holder.content)))
        objectAt(media).schema = schemaOf(objectAt(media).schema ?? {});
    }
  }
  for (const name of Object.keys(schemas)) schemas[name] = schemaOf(schemas[name] ?? {});
  Object.assign(schemas, added);
  return renamed(shuffled(copy, random) as JsonObject, random() < 0.3);
}

function shuffled(value: Json, random: () => number, key = ""): Json {
  const mix = <T>(list: T[]): T[] =>
    list
      .map((item) => [random(), item] as const)
      .sort(([a], [b]) => a - b)
      .map(([, item]) => item);
  if (Array.isArray(value)) {
    const items = value.map((item) => shuffled(item, random));
    return LISTS.includes(key) ? mix(items) : items;
  }
  if (!isObject(value)) return value;
  const result: JsonObject = {};
  for (const [name, member] of mix(Object.entries(value))) setMember(result, name, shuffled(member, random, name));
  return result;
}

function renamed(document: JsonObject, enabled: boolean): JsonObject {
  if (!enabled) return document;
  const text = JSON.stringify(document).replaceAll("#/components/schemas/", "#/components/schemas/Other");
  const copy = JSON.parse(text) as JsonObject;
  const components = objectAt(copy.components);
  components.schemas = Object.fromEntries(
    Object.entries(objectAt(components.schemas)).map(([name, value]) => [`Other${name}`, value]),
  );
  return copy;
}
