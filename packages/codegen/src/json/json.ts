import { isDeepStrictEqual } from "node:util";
import { isObject as isObjectOfAnyType } from "@ghl-edge/core";

/** A value that `JSON.parse` can return. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  [key: string]: Json;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return isObjectOfAnyType(value);
}

/** The value when it is an object, else an empty one that is not part of any document. */
export function objectAt(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** The value when it is an array, else an empty one that is not part of any document. */
export function arrayAt(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

/** Equal as JSON values: the order of object keys does not matter, that of array items does. */
export function equalJson(a: Json | undefined, b: Json | undefined): boolean {
  // The first comparison is for speed: most members that are compared are the same value.
  return a === b || isDeepStrictEqual(a, b);
}

/** Sets a member under any name, `__proto__` included, as an ordinary own property. */
export function setMember(object: JsonObject, key: string, value: Json): void {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

/** The same value with the members of every object in code unit order. */
export function sortMembers(value: Json): Json {
  if (Array.isArray(value)) return value.map(sortMembers);
  if (!isObject(value)) return value;
  const result: JsonObject = {};
  for (const key of Object.keys(value).sort(byCodeUnit)) setMember(result, key, sortMembers(value[key] ?? null));
  return result;
}

/** Orders strings by code unit: the same on every machine, unlike `localeCompare`. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
