import { arrayAt, isObject } from "../../json/json.ts";
import { at, pointerOf } from "../../json/pointer.ts";
import { operationsOf } from "../../json/walk.ts";
import type { RepairRule } from "./rule.ts";

export const authorizationHeader: RepairRule = {
  name: "authorization-header",
  why: "OpenAPI says that a header parameter called Authorization is ignored: security already says it.",
  apply(document) {
    const repaired: string[] = [];
    for (const { operation, position } of operationsOf(document)) {
      const parameters = arrayAt(operation.parameters);
      const kept = parameters.filter((parameter, index) => {
        if (!isObject(parameter) || parameter.in !== "header") return true;
        if (typeof parameter.name !== "string" || parameter.name.toLowerCase() !== "authorization") return true;
        repaired.push(pointerOf(at(position, "parameters", index)));
        return false;
      });
      if (kept.length < parameters.length) operation.parameters = kept;
    }
    return repaired;
  },
};
