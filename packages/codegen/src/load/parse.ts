import { NotOpenApiError, NotParsableError } from "../errors.ts";
import { isObject, type Json, type JsonObject } from "../json.ts";

/** Parses one JSON file. @throws NotParsableError */
export function parseJson(bytes: Uint8Array | string, file: string): Json {
  try {
    const text = typeof bytes === "string" ? bytes : new TextDecoder("utf-8", { fatal: true }).decode(bytes);
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
  if (!isObject(value.paths)) throw new NotOpenApiError("no paths object", { file, pointer: "#/paths" });
  return value;
}
