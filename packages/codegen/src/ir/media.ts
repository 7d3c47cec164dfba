import { isObject, type Json, type JsonObject } from "../json.ts";
import { at, type Place } from "../pointer.ts";
import type { Answer, Body, Media, Response, Schema } from "./model.ts";
import { type Context, checkReferences, deref, resolveSchema } from "./reference.ts";

export function isJson(type: string): boolean {
  return /^(application|text)\/([\w.+-]+\+)?json\b|^\*\/\*$/.test(type);
}

export function mediaOf(context: Context, holder: JsonObject, place: Place): Media[] {
  if (!isObject(holder.content)) return [];
  return Object.entries(holder.content).map(([type, value]) => {
    const schema = isObject(value) ? value.schema : undefined;
    checkReferences(context, schema, at(place, "content", type, "schema"));
    return { type, schema: asSchema(schema) };
  });
}

/** A schema that is not there says nothing: `true`, which is `unknown` in TypeScript. */
export function asSchema(schema: Json | undefined): Schema {
  return isObject(schema) || typeof schema === "boolean" ? schema : true;
}

/** JSON where the document offers it; multipart where it alone can carry a file. */
export function bodyOf(context: Context, value: Json | undefined, place: Place): Body | undefined {
  if (value === undefined) return undefined;
  const holder = deref(context, value, place);
  const media = mediaOf(context, holder, place);
  const find = (test: (type: string) => boolean) => media.find(({ type }) => test(type));
  const multipart = find((type) => type.startsWith("multipart/"));
  const json = find(isJson);
  const form = find((type) => type === "application/x-www-form-urlencoded");
  const chosen =
    (multipart !== undefined && hasFile(context, multipart.schema) ? multipart : undefined) ??
    json ??
    multipart ??
    form ??
    media[0];
  if (chosen === undefined) return undefined;
  const encoding = chosen === multipart ? "m" : chosen === form ? "f" : "j";
  return { required: holder.required === true, encoding, chosen, media };
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

export function responsesOf(context: Context, value: Json | undefined, place: Place): Response[] {
  if (!isObject(value)) return [];
  return Object.entries(value).map(([status, response]) => {
    const here = at(place, status);
    return { status, media: mediaOf(context, deref(context, response, here), here) };
  });
}

/** What a call resolves to. A success without documented content says nothing of the answer, save for 204 and 205. */
export function answerOf(responses: readonly Response[]): Answer {
  const successes = responses.filter(({ status }) => /^2/.test(status));
  const json = successes.flatMap(({ status, media }) => {
    const found = media.find(({ type }) => isJson(type));
    return found === undefined ? [] : [{ status, media: found }];
  });
  const empty = successes.some(({ status, media }) => media.length === 0 && isEmptyStatus(status));
  if (json.length > 0) return { kind: "json", of: json, empty };
  if (successes.some(({ media }) => media.length > 0)) return { kind: "binary" };
  return { kind: empty ? "void" : "unknown" };
}

/** RFC 9110, sections 15.3.5 and 15.3.6: no content. */
function isEmptyStatus(status: string): boolean {
  return status === "204" || status === "205";
}
