import { arrayAt, isObject, type Json, type JsonObject, objectAt } from "../../json/json.ts";
import { resolvePointer } from "../../json/pointer.ts";
import type { OperationVisit } from "../../json/walk.ts";
import { parseReference, targetFile } from "../load/reference.ts";
import type { LintContext } from "./rule.ts";

/**
 * The operation as a reader of the document sees it: with the parameters of its path, and with parameters, body and
 * answers that stand in `components` or in another file. Its position stays its own.
 */
export function resolveVisit(visit: OperationVisit, { file, files }: LintContext): OperationVisit {
  const { operation, pathItem } = visit;
  const follow = (value: Json): Json => {
    const reference = objectAt(value).$ref;
    if (typeof reference !== "string") return value;
    const target = parseReference(reference);
    const holder = files.get(targetFile(file, target.file));
    return (holder && resolvePointer(holder, target.pointer)) ?? value;
  };
  const resolved: JsonObject = { ...operation };
  const parameters = [...arrayAt(operation.parameters), ...arrayAt(pathItem.parameters)];
  if (parameters.length > 0) resolved.parameters = parameters.map(follow);
  if (operation.requestBody !== undefined) resolved.requestBody = follow(operation.requestBody);
  if (isObject(operation.responses)) {
    resolved.responses = Object.fromEntries(
      Object.entries(operation.responses).map(([status, response]) => [status, follow(response)]),
    );
  }
  return { ...visit, operation: resolved };
}
