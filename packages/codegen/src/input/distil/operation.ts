import {
  arrayAt,
  byCodeUnit,
  isObject,
  type Json,
  type JsonObject,
  objectAt,
  setMember,
  sortMembers,
} from "../../json/json.ts";
import { EXAMPLES } from "../evidence/examples/examples.ts";
import { distilParameters } from "./parameters.ts";
import { distilSchema } from "./schema.ts";
import { acceptedTokenTypes, distilSecurity } from "./security.ts";
import { distilServers } from "./servers.ts";

/** Our own extension members. Everything downstream reads them; upstream has none of these names. */
const EXTENSIONS = ["x-method-name", "x-pagination"];

export function distilOperation(
  path: string,
  { pathItem, operation }: { readonly pathItem: JsonObject; readonly operation: JsonObject },
  otherApi: boolean,
): JsonObject {
  const declared = [...arrayAt(pathItem.parameters), ...arrayAt(operation.parameters)];
  const { parameters, apiVersion } = distilParameters(path, declared, otherApi);
  const { security } = operation;
  const tokens = acceptedTokenTypes(security);
  const result: JsonObject = {};
  if (operation.operationId !== undefined) result.operationId = operation.operationId;
  if (operation.deprecated === true) result.deprecated = true;
  const servers = distilServers(operation.servers ?? pathItem.servers);
  if (servers.length > 0) result.servers = servers;
  for (const name of EXTENSIONS) {
    const value = operation[name];
    if (value !== undefined) result[name] = sortMembers(value);
  }
  if (apiVersion !== undefined) result["x-api-version"] = apiVersion;
  if (tokens !== undefined) result["x-token"] = tokens;
  const alternatives = distilSecurity(security);
  if (alternatives !== undefined) result.security = alternatives;
  if (parameters.length > 0) result.parameters = parameters;
  if (isObject(operation.requestBody)) result.requestBody = distilRequestBody(operation.requestBody);
  result.responses = distilResponses(objectAt(operation.responses));
  return result;
}

function distilRequestBody(body: JsonObject): JsonObject {
  return { ...(body.required === true ? { required: true } : {}), content: distilContent(objectAt(body.content)) };
}

function distilResponses(responses: JsonObject): JsonObject {
  const result: JsonObject = {};
  for (const status of Object.keys(responses).sort(byCodeUnit)) {
    const response = objectAt(responses[status]);
    result[status] = {
      description: "",
      ...distilHeaders(response.headers),
      ...(isObject(response.content) ? { content: distilContent(response.content) } : {}),
    };
  }
  return result;
}

/** Headers of an answer that say what they hold. Content-Type is none: the media type says it (OpenAPI 3.1, section 4.8.17). */
function distilHeaders(headers: Json | undefined): JsonObject {
  const result: JsonObject = {};
  for (const name of Object.keys(objectAt(headers)).sort(byCodeUnit)) {
    const header = objectAt(objectAt(headers)[name]);
    const [media] = Object.values(objectAt(header.content));
    const schema = header.schema ?? objectAt(media).schema;
    if (schema === undefined || name.toLowerCase() === "content-type") continue;
    const flags = header.required === true ? { required: true } : {};
    setMember(result, name, { ...flags, schema: distilSchema(schema) });
  }
  return Object.keys(result).length > 0 ? { headers: result } : {};
}

function distilContent(content: JsonObject): JsonObject {
  const result: JsonObject = {};
  for (const type of Object.keys(content).sort(byCodeUnit)) {
    const media = objectAt(content[type]);
    result[type] = {
      ...(media.schema === undefined ? {} : { schema: distilSchema(media.schema) }),
      ...(isObject(media.encoding) ? { encoding: sortMembers(media.encoding) } : {}),
      ...(media[EXAMPLES] === undefined ? {} : { [EXAMPLES]: media[EXAMPLES] }),
    };
  }
  return result;
}
