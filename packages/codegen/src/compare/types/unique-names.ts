import { isObject, type JsonObject } from "../../json/json.ts";
import { operationsOf } from "../../json/walk.ts";
import { methodName, nameFromPath } from "../../output/ir/method-name.ts";

/**
 * Both documents with a name of its own for every operation. HighLevel repeats operationIds, which overlays settle; a
 * comparison of documents without them must not stop there. What is ambiguous on either side is named by method and
 * path on both, so that nothing seems renamed.
 */
export function withUniqueNames(before: JsonObject, after: JsonObject): [JsonObject, JsonObject] {
  const repeated = new Set([...repeatedNames(before), ...repeatedNames(after)]);
  if (repeated.size === 0) return [before, after];
  return [rename(before, repeated), rename(after, repeated)];
}

function namesOf({ method, path, operation }: { method: string; path: string; operation: JsonObject }): string[] {
  const id = typeof operation.operationId === "string" ? [`id ${operation.operationId}`] : [];
  return [`name ${methodName(operation, method, path)}`, ...id];
}

function repeatedNames(document: JsonObject): string[] {
  const all = [...operationsOf(document)].flatMap(namesOf);
  return all.filter((name, index) => all.indexOf(name) !== index);
}

function rename(document: JsonObject, repeated: ReadonlySet<string>): JsonObject {
  const copy = structuredClone(document);
  for (const visit of operationsOf(copy)) {
    if (!isObject(visit.operation) || !namesOf(visit).some((name) => repeated.has(name))) continue;
    visit.operation["x-method-name"] = nameFromPath(visit.method, visit.path);
    delete visit.operation.operationId;
  }
  return copy;
}
