import { arrayAt, byCodeUnit, isObject, type Json, type JsonObject, objectAt } from "../../json/json.ts";
import { EXAMPLES } from "../evidence/examples/examples.ts";
import { templateNames } from "../repair/path-parameters.ts";
import { distilSchema } from "./schema.ts";

const PLACES = ["path", "query", "header", "cookie"];

export interface DistilledParameters {
  readonly parameters: JsonObject[];
  /** Value of the `Version` header where the document fixes it to one. */
  readonly apiVersion: string | undefined;
}

/**
 * Parameters of path item and operation, in this order, in canonical order: those of the path as they stand in it, then query, header, cookie by name. The
 * `Version` header leaves the list; it is a property of the operation, not a choice of the caller.
 */
export function distilParameters(path: string, declared: readonly Json[], otherApi: boolean): DistilledParameters {
  const byKey = new Map<string, JsonObject>();
  for (const parameter of declared) {
    if (isObject(parameter)) byKey.set(`${parameter.in} ${parameter.name}`, parameter);
  }
  let apiVersion: string | undefined;
  const kept: JsonObject[] = [];
  for (const parameter of byKey.values()) {
    const version = otherApi ? undefined : fixedVersion(parameter);
    if (version === undefined) kept.push(parameter);
    else apiVersion = version;
  }
  const names = templateNames(path);
  const rank = (parameter: JsonObject): number => PLACES.indexOf(String(parameter.in));
  kept.sort(
    (a, b) =>
      rank(a) - rank(b) ||
      (a.in === "path" ? names.indexOf(String(a.name)) - names.indexOf(String(b.name)) : 0) ||
      byCodeUnit(String(a.name), String(b.name)),
  );
  return { parameters: kept.map(distilParameter), apiVersion };
}

/** Spelt `Version` and `version` upstream; always an enum with one value. */
function fixedVersion(parameter: JsonObject): string | undefined {
  if (parameter.in !== "header" || String(parameter.name).toLowerCase() !== "version") return undefined;
  const values = arrayAt(objectAt(parameter.schema).enum);
  return values.length === 1 && typeof values[0] === "string" ? values[0] : undefined;
}

function distilParameter(parameter: JsonObject): JsonObject {
  const result: JsonObject = { name: parameter.name ?? "", in: parameter.in ?? "" };
  if (parameter.required === true) result.required = true;
  if (parameter.deprecated === true) result.deprecated = true;
  for (const key of ["style", "explode", "allowReserved", "allowEmptyValue"]) {
    const value = parameter[key];
    if (value !== undefined) result[key] = value;
  }
  if (isObject(parameter.content)) {
    const [[type, media] = ["application/json", {}]] = Object.entries(parameter.content);
    result.content = { [type]: { schema: distilSchema(objectAt(media).schema) } };
  } else {
    result.schema = distilSchema(parameter.schema);
  }
  if (parameter[EXAMPLES] !== undefined) result[EXAMPLES] = parameter[EXAMPLES];
  return result;
}
