import { arrayAt, isObject, type Json, type JsonObject, objectAt } from "../../../json/json.ts";
import { at, type Position } from "../../../json/pointer.ts";
import type { Body, Media, Response, Schema } from "../model.ts";
import { asSchema, type Context, checkReferences, deref, resolveSchema } from "../reference.ts";
import { fieldsOf } from "./notation.ts";

export function isJson(type: string): boolean {
  return /^(application|text)\/([\w.+-]+\+)?json(?!-seq)\b|^\*\/\*$/i.test(type);
}

export function mediaOf(context: Context, holder: JsonObject, position: Position): Media[] {
  if (!isObject(holder.content)) return [];
  return Object.entries(holder.content).map(([type, value]) => {
    const schema = isObject(value) ? value.schema : undefined;
    checkReferences(context, schema, at(position, "content", type, "schema"));
    return { type, schema: asSchema(schema) };
  });
}

/** JSON where the document offers it; multipart where it alone can carry a file; what is none of these as it is given. */
export function bodyOf(context: Context, value: Json | undefined, position: Position): Body | undefined {
  if (value === undefined) return undefined;
  const holder = deref(context, value, position);
  const media = mediaOf(context, holder, position);
  const find = (test: (type: string) => boolean) => media.find(({ type }) => test(type));
  const multipart =
    find((type) => /^multipart\/(form-data|\*)/i.test(type)) ?? (context.highLevel ? find(isMultipart) : undefined);
  // a range with a binary schema takes bytes
  const isText = (type: string) =>
    isJson(type) && !(type === "*/*" && isBytes(context, find((one) => one === type)?.schema));
  const json = find((type) => /^application\/json\b/i.test(type)) ?? find(isText);
  const form = find((type) => /^application\/x-www-form-urlencoded\b/i.test(type));
  const chosen =
    (multipart !== undefined && hasFile(context, multipart.schema) ? multipart : undefined) ??
    json ??
    multipart ??
    form ??
    media[0];
  if (chosen === undefined) return undefined;
  const encoding =
    chosen === multipart ? "m" : chosen === form ? "f" : chosen === json || context.highLevel ? "j" : "r";
  const content = objectAt(objectAt(holder.content)[chosen.type]);
  const raw = media.map(({ type }) => type).filter((type) => !isMultipart(type));
  return {
    required:
      holder.required === true && !(context.highLevel && encoding === "j" && asksNothing(context, chosen.schema)),
    encoding,
    types: encoding === "r" ? raw : [chosen.type],
    fields: encoding === "f" || encoding === "m" ? fieldsOf(content.encoding) : {},
    chosen,
    media,
  };
}

/**
 * An object that describes members and requires none. HighLevel's documents mark every body as required, also these, and
 * calls without one were seen to be taken (`POST /contacts/{contactId}/workflow/{workflowId}`). An object without members
 * says nothing about what must be sent.
 */
function asksNothing(context: Context, schema: Json | undefined): boolean {
  const target = resolveSchema(context.document, schema);
  if (target === undefined || target.anyOf !== undefined || target.oneOf !== undefined) return false;
  if (arrayAt(target.required).length > 0) return false;
  const parts = arrayAt(target.allOf);
  if (parts.length > 0) return parts.every((part) => asksNothing(context, part));
  return Object.keys(objectAt(target.properties)).length > 0;
}

function isMultipart(type: string): boolean {
  return type.startsWith("multipart/");
}

function isBytes(context: Context, schema: Schema | undefined): boolean {
  return schema !== undefined && isBinary(resolveSchema(context.document, schema));
}

function hasFile(context: Context, schema: Schema): boolean {
  const properties = resolveSchema(context.document, schema)?.properties;
  if (!isObject(properties)) return false;
  return Object.values(properties).some((property) => isBinary(resolveSchema(context.document, property)));
}

function isBinary(schema: JsonObject | undefined): boolean {
  if (schema === undefined) return false;
  if (schema.type === "array") return isObject(schema.items) && isBinary(schema.items);
  return schema.type === "string" && (schema.format === "binary" || typeof schema.contentMediaType === "string");
}

export function responsesOf(context: Context, value: Json | undefined, position: Position): Response[] {
  if (!isObject(value)) return [];
  return Object.entries(value).map(([status, response]) => {
    const here = at(position, status);
    return { status, media: mediaOf(context, deref(context, response, here), here) };
  });
}
