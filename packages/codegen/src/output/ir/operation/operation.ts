import type { JsonObject } from "../../../json/json.ts";
import { at, type Position } from "../../../json/pointer.ts";
import type { METHODS } from "../../../json/walk.ts";
import { methodName } from "../method-name.ts";
import type { HttpMethod, Operation } from "../model.ts";
import { type Context, resolveSchema } from "../reference.ts";
import { acceptsOf, answerOf } from "./answer.ts";
import { bodyOf, responsesOf } from "./media.ts";
import { paginationOf } from "./pagination.ts";
import { parametersOf } from "./parameter.ts";
import { serverOf } from "./server.ts";
import { tenantOf } from "./tenant.ts";
import { scopesOf, tokensOf } from "./tokens.ts";

const NO_TENANT = { fields: {}, params: [], body: [] };

/** An operation in its path item. */
export interface OperationSource {
  readonly method: (typeof METHODS)[number];
  /** Path template; of a webhook its name. */
  readonly path: string;
  readonly pathItem: JsonObject;
  /** Position of the path item. */
  readonly position: Position;
}

/** One operation of a path item. */
export function buildOperation(
  context: Context,
  { method, path, pathItem, position: itemPosition }: OperationSource,
): Operation {
  const { highLevel } = context;
  const operation = pathItem[method] as JsonObject;
  const position = at(itemPosition, method);
  const operationId = typeof operation.operationId === "string" ? operation.operationId : undefined;
  const name = methodName(operation, method, path);
  const parameters = parametersOf(context, { pathItem, operation }, position);
  const body = bodyOf(context, operation.requestBody, at(position, "requestBody"));
  const responses = responsesOf(context, operation.responses, at(position, "responses"));
  const answer = method === "head" && !highLevel ? { kind: "headers" as const } : answerOf(context, responses);
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
    accepts: highLevel ? [] : acceptsOf(responses, answer),
    tokens: tokensOf(operation),
    scopes: scopesOf(operation),
    version: highLevel && typeof operation["x-api-version"] === "string" ? operation["x-api-version"] : "",
    tenant: highLevel ? tenantOf(parameters, body, resolveSchema(context.document, body?.chosen.schema)) : NO_TENANT,
    pagination: paginationOf(context, operation, answer),
    deprecated: operation.deprecated === true,
  };
}
