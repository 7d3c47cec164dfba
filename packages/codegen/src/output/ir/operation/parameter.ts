import { NameClashError } from "../../../errors.ts";
import { arrayAt, isObject, type JsonObject } from "../../../json/json.ts";
import { at, type Position, pointerOf } from "../../../json/pointer.ts";
import { pascalCase } from "../method-name.ts";
import type { Parameter, Schema } from "../model.ts";
import { asSchema, type Context, checkReferences, deref, resolveSchema } from "../reference.ts";
import { notationOf } from "./notation.ts";

const PLACES = ["path", "query", "header", "cookie"] as const;
/** Header parameters that OpenAPI says are ignored: the client writes these headers (3.1, section 4.8.12.1). */
const IGNORED = new Set(["accept", "content-type", "authorization"]);

/** Path parameters first, then query, header and cookie; an operation's own replaces the path item's. */
export function parametersOf(
  context: Context,
  { pathItem, operation }: { readonly pathItem: JsonObject; readonly operation: JsonObject },
  position: Position,
): Parameter[] {
  const found = new Map<string, Parameter>();
  const read = (list: JsonObject, listPosition: Position): void => {
    arrayAt(list.parameters).forEach((value, index) => {
      const here = at(listPosition, "parameters", index);
      const parameter = toParameter(context, deref(context, value, here), here);
      if (parameter !== undefined) found.set(`${parameter.in} ${parameter.name}`, parameter);
    });
  };
  if (position.parent !== undefined) read(pathItem, position.parent);
  read(operation, position);
  const all = [...found.values()];
  const sorted = PLACES.flatMap((where) => all.filter((parameter) => parameter.in === where));
  if (
    context.highLevel &&
    all.some(({ name, in: where }) => name === "body" && (where === "path" || where === "query"))
  ) {
    throw new NameClashError("a parameter must not have the name body: methods take the request body there", {
      file: context.file,
      pointer: pointerOf(at(position, "parameters")),
    });
  }
  return context.highLevel ? sorted : withMembers(sorted, operation.requestBody !== undefined);
}

/** A name that is taken, by the body or by a parameter of another location, gets its location in front: `queryBody`. */
function withMembers(parameters: readonly Parameter[], hasBody: boolean): Parameter[] {
  const taken = new Set(hasBody ? ["body"] : []);
  const names = new Set(parameters.map(({ name }) => name));
  return parameters.map((parameter) => {
    let member = parameter.name;
    if (taken.has(member)) member = `${parameter.in}${pascalCase(parameter.name, "")}`;
    while (taken.has(member) || (member !== parameter.name && names.has(member))) member += "_";
    taken.add(member);
    return { ...parameter, member };
  });
}

/** A list may be one of several ways to write a value. */
function takesList(context: Context, schema: Schema): boolean {
  const target = resolveSchema(context.document, schema);
  const choices = [...arrayAt(target?.anyOf), ...arrayAt(target?.oneOf)];
  return [target, ...choices].some((choice) => resolveSchema(context.document, choice)?.type === "array");
}

function toParameter(context: Context, value: JsonObject, position: Position): Parameter | undefined {
  const where = PLACES.find((name) => name === value.in);
  if (where === undefined || typeof value.name !== "string") return undefined;
  if (!context.highLevel && where === "header" && IGNORED.has(value.name.toLowerCase())) return undefined;
  const content = isObject(value.content) ? Object.values(value.content)[0] : undefined;
  const schema = asSchema(value.schema ?? (isObject(content) ? content.schema : undefined) ?? { type: "string" });
  checkReferences(context, schema, at(position, "schema"));
  // OpenAPI 3.1, section 4.8.12.2: `form` explodes by default
  const array = takesList(context, schema);
  return {
    name: value.name,
    member: value.name,
    in: where,
    required: where === "path" || value.required === true,
    deprecated: value.deprecated === true,
    schema,
    comma: array && where === "query" && value.explode === false,
    notation: value.content === undefined ? notationOf(value, where) : { style: "json" },
  };
}
