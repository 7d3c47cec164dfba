import { arrayAt, equalJson, isObject, type Json, type JsonObject } from "../../../json/json.ts";
import { escapeToken } from "../../../json/pointer.ts";
import type { Media, Module, Operation, Pagination, Schema } from "../model.ts";

/** Position of an object type before it became a separate schema. */
export interface InlinePosition {
  /** Operation of a body or an answer whose root it is. It is undefined below another schema. */
  readonly operation: Operation | undefined;
  readonly kind: "body" | "answer" | "property";
  /** Key of the schema that it stood in. */
  readonly parent: string | undefined;
  /** Name of the property; of the root of an answer its status. */
  readonly step: string;
  /** It was an item of a list. */
  readonly item: boolean;
}

export interface InlinedModule {
  readonly module: Module;
  /** Keys of the new schemas. */
  readonly positions: ReadonlyMap<string, InlinePosition>;
}

const COMPOSITIONS = ["allOf", "oneOf", "anyOf"] as const;

/**
 * The module with every object type that stands inside another type, a body or a JSON answer moved to a schema of its own, so
 * that it can have a name. The input is left alone.
 */
export function moveInlineObjects(module: Module): InlinedModule {
  const mover = new Mover(module.schemas);
  const operations = module.operations.map((operation) => mover.operation(operation));
  return { module: { ...module, operations, schemas: mover.schemas }, positions: mover.positions };
}

class Mover {
  readonly schemas: Record<string, Schema> = {};
  readonly positions = new Map<string, InlinePosition>();
  readonly #moved = new Map<Schema, Schema>();

  constructor(schemas: Module["schemas"]) {
    // first, so that no new key is that of a schema of the document
    for (const key of Object.keys(schemas)) this.#set(key, true);
    for (const [key, schema] of Object.entries(schemas)) this.#set(key, this.#inside(schema, key));
  }

  operation(operation: Operation): Operation {
    const { body, answer, pagination } = operation;
    const media = new Map<Media, Media>();
    const move = (one: Media, kind: "body" | "answer", step: string): void => {
      const position = { operation, kind, parent: undefined, step, item: false };
      media.set(one, { ...one, schema: this.#schemaAt(one.schema, position) });
    };
    if (body !== undefined && body.encoding !== "r") move(body.chosen, "body", "");
    if (answer.kind === "json") for (const { status, media: one } of answer.of) move(one, "answer", status);
    const moved = (one: Media): Media => media.get(one) ?? twinOf(one, media);
    return {
      ...operation,
      body: body && { ...body, chosen: moved(body.chosen), media: body.media.map(moved) },
      responses: operation.responses.map((response) => ({ ...response, media: response.media.map(moved) })),
      answer:
        answer.kind === "json"
          ? { ...answer, of: answer.of.map(({ status, media: one }) => ({ status, media: moved(one) })) }
          : answer,
      pagination: pagination && this.#pagination(pagination),
    };
  }

  #pagination(pagination: Pagination): Pagination {
    const { item } = pagination;
    if (item.kind === "unknown") return pagination;
    return { ...pagination, item: { kind: "schema", schema: this.#moved.get(item.schema) ?? item.schema } };
  }

  /** Returns the schema for a position: a reference for an object type, otherwise the schema with its contents moved. */
  #schemaAt(schema: Schema, position: InlinePosition): Schema {
    if (!isObject(schema)) return schema;
    const result = hasMembers(schema) ? this.#move(schema, position) : this.#around(schema, position);
    this.#moved.set(schema, result);
    return result;
  }

  #move(schema: JsonObject, position: InlinePosition): Schema {
    const { type } = schema;
    if (isNullable(schema)) return this.#around(schema, position);
    const types = Array.isArray(type) ? type.filter((name) => name !== "null") : [];
    const nullable = Array.isArray(type) && types.length < type.length && types.length > 0;
    const { default: value, deprecated, readOnly, writeOnly, ...own } = schema;
    const beside = definedOf({ default: value, deprecated, readOnly, writeOnly });
    const key = this.#freeKey(position);
    this.positions.set(key, position);
    this.#set(key, true);
    const bare = nullable ? { ...own, type: types.length === 1 ? (types[0] as Json) : types } : own;
    this.#set(key, this.#inside(bare, key));
    const reference = { $ref: `#/components/schemas/${encodeURIComponent(escapeToken(key))}` };
    return nullable ? { ...beside, anyOf: [reference, { type: "null" }] } : { ...reference, ...beside };
  }

  /** A schema that stays where it is, with what stands inside moved. */
  #inside(schema: Schema, key: string): Schema {
    if (!isObject(schema)) return schema;
    const step = (name: string) => ({ operation: undefined, kind: "property" as const, parent: key, step: name });
    const result: JsonObject = { ...this.#around(schema, { ...step(""), item: false }, key) };
    if (isObject(schema.properties)) {
      // a property may be called __proto__
      result.properties = Object.fromEntries(
        Object.entries(schema.properties).map(([name, property]) => [
          name,
          isObject(property) ? (this.#schemaAt(property, { ...step(name), item: false }) as Json) : property,
        ]),
      );
    }
    return result;
  }

  /** Items, values and members of compositions; `key` when the schema around them has a name. */
  #around(schema: JsonObject, position: InlinePosition, key?: string): JsonObject {
    const result: JsonObject = { ...schema };
    for (const list of ["items", "additionalProperties"] as const) {
      const inner = schema[list];
      if (isObject(inner)) result[list] = this.#schemaAt(inner, { ...position, item: true }) as Json;
    }
    for (const keyword of COMPOSITIONS) {
      if (!Array.isArray(schema[keyword])) continue;
      result[keyword] = schema[keyword].map((member) => {
        if (!isObject(member)) return member;
        const stays = key !== undefined && hasMembers(member);
        return (stays ? this.#inside(member, key) : this.#schemaAt(member, position)) as Json;
      });
    }
    return result;
  }

  #freeKey({ operation, kind, parent, step, item }: InlinePosition): string {
    const root = operation === undefined ? parent : `${operation.method} ${operation.path} ${kind}`;
    let key = `${root} ${step}${item ? "[]" : ""}`;
    while (Object.hasOwn(this.schemas, key)) key += "'";
    return key;
  }

  #set(key: string, value: Schema): void {
    Object.defineProperty(this.schemas, key, { value, enumerable: true, configurable: true, writable: true });
  }
}

/** Whether an object type with properties would be printed here, save as an item of a list. */
function hasMembers(schema: Json): boolean {
  if (!isObject(schema) || schema.$ref !== undefined) return false;
  if (isObject(schema.properties) && Object.keys(schema.properties).length > 0) return true;
  return COMPOSITIONS.some((keyword) => arrayAt(schema[keyword]).some(hasMembers));
}

/** `anyOf: [X, null]`, as the distilled form writes a schema that may be null. */
function isNullable(schema: JsonObject): boolean {
  const members = [...arrayAt(schema.anyOf), ...arrayAt(schema.oneOf)];
  const isNull = (member: Json) => isObject(member) && member.type === "null";
  return schema.properties === undefined && schema.allOf === undefined && members.length === 2 && members.some(isNull);
}

/** The same body under another media type has the same name. */
function twinOf(one: Media, moved: ReadonlyMap<Media, Media>): Media {
  for (const [before, after] of moved)
    if (equalJson(before.schema, one.schema)) return { ...one, schema: after.schema };
  return one;
}

function definedOf(members: Record<string, Json | undefined>): JsonObject {
  return Object.fromEntries(Object.entries(members).filter((entry): entry is [string, Json] => entry[1] !== undefined));
}
