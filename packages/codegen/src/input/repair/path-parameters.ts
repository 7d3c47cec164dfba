import { arrayAt, isObject, type JsonObject } from "../../json/json.ts";
import { at, pointerOf } from "../../json/pointer.ts";
import { operationsOf } from "../../json/walk.ts";
import type { RepairRule } from "./rule.ts";

/** Names in braces, in the order of the path. */
export function templateNames(path: string): string[] {
  return [...path.matchAll(/\{([^{}]+)\}/g)].map((match) => match[1] ?? "");
}

function declaredParameters(pathItem: JsonObject, operation: JsonObject): JsonObject[] {
  return [...arrayAt(pathItem.parameters), ...arrayAt(operation.parameters)].filter(isObject);
}

export const pathParameterElsewhere: RepairRule = {
  name: "path-parameter-elsewhere",
  why: "A name of the path template is declared with another `in`: moved to the path, or dropped where it only repeats.",
  apply(document, { otherApi }) {
    const repaired: string[] = [];
    for (const { path, pathItem, operation, position } of operationsOf(document)) {
      const names = templateNames(path);
      const inPath = new Set(
        declaredParameters(pathItem, operation)
          .filter((parameter) => parameter.in === "path")
          .map((parameter) => parameter.name),
      );
      const parameters = arrayAt(operation.parameters);
      const kept = parameters.filter((parameter, index) => {
        if (!isObject(parameter) || parameter.in === "path" || !names.includes(String(parameter.name))) return true;
        // a required parameter of the same name may be meant; an optional one of HighLevel can say nothing the path does not
        if (inPath.has(parameter.name) && (parameter.required === true || otherApi === true)) return true;
        repaired.push(pointerOf(at(position, "parameters", index)));
        if (inPath.has(parameter.name)) return false;
        parameter.in = "path";
        parameter.required = true;
        return true;
      });
      if (kept.length < parameters.length) operation.parameters = kept;
    }
    return repaired;
  },
};

export const undeclaredPathParameter: RepairRule = {
  name: "undeclared-path-parameter",
  why: "A name of the path template is not declared as a parameter; it is added as a required string.",
  apply(document) {
    const repaired: string[] = [];
    for (const { path, pathItem, operation, position } of operationsOf(document)) {
      const declared = declaredParameters(pathItem, operation);
      if (declared.some((parameter) => parameter.$ref !== undefined)) continue;
      for (const name of templateNames(path)) {
        if (declared.some((parameter) => parameter.name === name && parameter.in === "path")) continue;
        operation.parameters = [
          ...arrayAt(operation.parameters),
          { name, in: "path", required: true, schema: { type: "string" } },
        ];
        repaired.push(pointerOf(position));
      }
    }
    return repaired;
  },
};

export const optionalPathParameter: RepairRule = {
  name: "optional-path-parameter",
  why: "A path parameter is not marked as required, which no path parameter can be.",
  apply(document) {
    const repaired: string[] = [];
    for (const { operation, position } of operationsOf(document)) {
      arrayAt(operation.parameters).forEach((parameter, index) => {
        if (!isObject(parameter) || parameter.in !== "path" || parameter.required === true) return;
        parameter.required = true;
        repaired.push(pointerOf(at(position, "parameters", index)));
      });
    }
    return repaired;
  },
};
