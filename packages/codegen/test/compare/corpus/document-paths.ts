import { arrayAt, isObject, type JsonObject, objectAt } from "../../../src/json/json.ts";

/** The value at a path of keys: `put.requestBody`. */
export function dig(value: JsonObject, ...keys: string[]): JsonObject {
  return keys.reduce<JsonObject>((at, key) => objectAt(at[key]), value);
}
export const put = (document: JsonObject): JsonObject => dig(document, "paths", "/orders/{orderId}", "put");
export const body = (document: JsonObject): JsonObject =>
  dig(put(document), "requestBody", "content", "application/json", "schema");
export const field = (document: JsonObject, name: string): JsonObject => dig(body(document), "properties", name);
export const schema = (document: JsonObject, name: string): JsonObject => dig(document, "components", "schemas", name);
export const property = (document: JsonObject, name: string, key: string): JsonObject =>
  dig(schema(document, name), "properties", key);
export const parameter = (document: JsonObject, name: string): JsonObject =>
  arrayAt(put(document).parameters)
    .filter(isObject)
    .find((one) => one.name === name) ?? {};
export const addParameter = (document: JsonObject, value: JsonObject): void =>
  void arrayAt(put(document).parameters).push(value);
export const dropParameter = (document: JsonObject, name: string): void => {
  put(document).parameters = arrayAt(put(document).parameters).filter((one) => objectAt(one).name !== name);
};
