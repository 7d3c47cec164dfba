import { NotOpenApiError, NotParsableError } from "../errors.ts";
import { isObject, type Json, type JsonObject } from "../json.ts";
import { decodeText } from "./text.ts";

/** Parses one JSON file. @throws NotParsableError */
export function parseJson(bytes: Uint8Array | string, file: string): Json {
  const text = decodeText(bytes, file);
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw new NotParsableError(`not JSON: ${(cause as Error).message}`, { file }, { cause });
  }
}

/** The value as an OpenAPI 3.x document. @throws NotOpenApiError with a pointer to what is missing. */
export function requireOpenApi(value: Json, file: string): JsonObject {
  if (!isObject(value)) throw new NotOpenApiError("the document is not an object", { file, pointer: "#" });
  if (typeof value.openapi !== "string" || !/^3\.\d/.test(value.openapi)) {
    const found =
      value.swagger === undefined ? "no openapi member with a version 3.x" : "Swagger 2.0; convert it to OpenAPI 3";
    throw new NotOpenApiError(found, { file, pointer: "#/openapi" });
  }
  // OpenAPI 3.1 asks for one of paths, webhooks and components; only the first two have something to generate
  if (value.paths === undefined && isObject(value.webhooks)) return value;
  if (!isObject(value.paths)) throw new NotOpenApiError("no paths object", { file, pointer: "#/paths" });
  return value;
}
