import { NotOpenApiError, NotParsableError } from "../../errors.ts";
import { isObject, type Json, type JsonObject } from "../../json/json.ts";
import { decodeText } from "./text.ts";

/** Parses one JSON file. @throws NotParsableError */
export function parseJson(bytes: Uint8Array | string, file: string): Json {
  const text = decodeText(bytes, file);
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw new NotParsableError(`file must be valid JSON: ${(cause as Error).message}`, { file }, { cause });
  }
}

/**
 * Refuses JSON in which an object has a key twice: of the two values `JSON.parse` silently drops the first, a whole path with
 * its operations for instance. The text must have been parsed.
 *
 * @throws NotParsableError
 */
export function refuseDuplicateKeys(bytes: Uint8Array | string, file: string): void {
  const text = decodeText(bytes, file);
  const open: (Set<string> | undefined)[] = [];
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g)) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(undefined);
    else if (token === "}" || token === "]") open.pop();
    else if (token.endsWith(":")) {
      const key = JSON.parse(token.slice(0, token.lastIndexOf('"') + 1)) as string;
      const keys = open.at(-1);
      if (keys?.has(key) === true) {
        const line = text.slice(0, index).split("\n").length;
        throw new NotParsableError(
          `keys of an object must be unique, got ${JSON.stringify(key)} again at line ${line}`,
          {
            file,
          },
        );
      }
      keys?.add(key);
    }
  }
}

/** The value as an OpenAPI 3.x document. @throws NotOpenApiError with a pointer to what is missing. */
export function requireOpenApi(value: Json, file: string): JsonObject {
  if (!isObject(value)) throw new NotOpenApiError("document must be an object", { file, pointer: "#" });
  if (typeof value.openapi !== "string" || !/^3\.\d/.test(value.openapi)) {
    const got = value.openapi === undefined ? "nothing" : JSON.stringify(value.openapi);
    const found =
      value.swagger === undefined
        ? `openapi must be the version as a text, such as "3.1.0", got ${got}`
        : "openapi must be 3.x, got a document of Swagger 2.0; convert it to OpenAPI 3";
    throw new NotOpenApiError(found, { file, pointer: "#/openapi" });
  }
  // OpenAPI 3.1 asks for one of paths, webhooks and components; only the first two have something to generate
  if (value.paths === undefined && isObject(value.webhooks)) return value;
  if (!isObject(value.paths)) throw new NotOpenApiError("paths must be an object", { file, pointer: "#/paths" });
  return value;
}
