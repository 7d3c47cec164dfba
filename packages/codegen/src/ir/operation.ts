import { NameClashError } from "../errors.ts";
import { arrayAt, isObject, type JsonObject } from "../json.ts";
import { at, type Place, pointerOf } from "../pointer.ts";
import type { METHODS } from "../walk.ts";
import { answerOf, asSchema, bodyOf, responsesOf } from "./media.ts";
import { methodName } from "./method-name.ts";
import type { HttpMethod, Operation, Parameter } from "./model.ts";
import { paginationOf } from "./pagination.ts";
import { type Context, checkReferences, deref, resolveSchema } from "./reference.ts";
import { serverOf } from "./server.ts";
import { tenantOf } from "./tenant.ts";
import { scopesOf, tokensOf } from "./tokens.ts";

const PARAMETER_PLACES = ["path", "query", "header", "cookie"] as const;
const NO_TENANT = { fields: {}, params: [], body: [] };

/** One operation of a path item. */
export function buildOperation(
  context: Context,
  method: (typeof METHODS)[number],
  path: string,
  pathItem: JsonObject,
  highLevel: boolean,
): Operation {
  const operation = pathItem[method] as JsonObject;
  const place = at({ parent: { parent: { parent: undefined, key: "#" }, key: "paths" }, key: path }, method);
  const operationId = typeof operation.operationId === "string" ? operation.operationId : undefined;
  const name = methodName(operation, method, path);
  const parameters = parametersOf(context, path, pathItem, operation, place);
  const body = bodyOf(context, operation.requestBody, at(place, "requestBody"));
  const responses = responsesOf(context, operation.responses, at(place, "responses"));
  const answer = answerOf(responses);
  return {
    id: operationId ?? name,
    name,
    method: method.toUpperCase() as HttpMethod,
    path,
    server: highLevel ? undefined : serverOf(operation.servers),
    parameters,
    body,
    responses,
    answer,
    tokens: tokensOf(operation),
    scopes: scopesOf(operation),
    version: typeof operation["x-api-version"] === "string" ? operation["x-api-version"] : "",
    tenant: highLevel ? tenantOf(parameters, body, resolveSchema(context.document, body?.chosen.schema)) : NO_TENANT,
    pagination: paginationOf(context, operation, answer),
    deprecated: operation.deprecated === true,
  };
}

/** Path parameters first, then query, header and cookie; an operation's own replaces the path item's. */
function parametersOf(
  context: Context,
  path: string,
  pathItem: JsonObject,
  operation: JsonObject,
  place: Place,
): Parameter[] {
  const found = new Map<string, Parameter>();
  const read = (list: JsonObject, listPlace: Place): void => {
    arrayAt(list.parameters).forEach((value, index) => {
      const here = at(listPlace, "parameters", index);
      const parameter = toParameter(context, deref(context, value, here), here);
      if (parameter !== undefined) found.set(`${parameter.in} ${parameter.name}`, parameter);
    });
  };
  read(pathItem, { parent: place.parent?.parent, key: path });
  read(operation, place);
  const all = [...found.values()];
  if (all.some(({ name, in: where }) => name === "body" && (where === "path" || where === "query"))) {
    throw new NameClashError("A parameter is called body, which is where methods take the request body.", {
      file: context.file,
      pointer: pointerOf(at(place, "parameters")),
    });
  }
  return PARAMETER_PLACES.flatMap((where) => all.filter((parameter) => parameter.in === where));
}

function toParameter(context: Context, value: JsonObject, place: Place): Parameter | undefined {
  const where = PARAMETER_PLACES.find((name) => name === value.in);
  if (where === undefined || typeof value.name !== "string") return undefined;
  const content = isObject(value.content) ? Object.values(value.content)[0] : undefined;
  const schema = asSchema(value.schema ?? (isObject(content) ? content.schema : undefined) ?? { type: "string" });
  checkReferences(context, schema, at(place, "schema"));
  // OpenAPI 3.1, section 4.8.12.2: `form` explodes by default
  const array = resolveSchema(context.document, schema)?.type === "array";
  return {
    name: value.name,
    in: where,
    required: where === "path" || value.required === true,
    schema,
    comma: array && where === "query" && value.explode === false,
  };
}
