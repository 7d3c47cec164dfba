import { isObject, type Json, type JsonObject, setMember } from "../../json/json.ts";
import { parsePointer } from "../../json/pointer.ts";
import { walkReferences } from "../../json/walk.ts";

/** The component schemas that `paths` reach, directly or through each other, sorted by name. */
export function reachableSchemas(paths: JsonObject, schemas: JsonObject): JsonObject {
  const reached = new Set<string>();
  const queue: Json[] = [paths];
  for (let value = queue.pop(); value !== undefined; value = queue.pop()) {
    if (!isObject(value)) continue;
    // walked as a bare schema or a path map: either way every reference in it is found
    walkReferences(value, (_, reference) => {
      const name = schemaName(reference);
      const schema = name === undefined ? undefined : schemas[name];
      if (name === undefined || schema === undefined || reached.has(name)) return;
      reached.add(name);
      queue.push(schema);
    });
  }
  const result: JsonObject = {};
  for (const name of [...reached].sort()) setMember(result, name, schemas[name] ?? {});
  return result;
}

/** `#/components/schemas/A` and anything below it → `A`. */
export function schemaName(reference: string): string | undefined {
  const [components, schemas, name] = parsePointer(reference) ?? [];
  return components === "components" && schemas === "schemas" ? name : undefined;
}
