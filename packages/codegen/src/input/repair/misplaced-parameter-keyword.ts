import { arrayAt, isObject, objectAt } from "../../json/json.ts";
import { at, pointerOf } from "../../json/pointer.ts";
import { operationsOf } from "../../json/walk.ts";
import type { RepairRule } from "./rule.ts";

const COMPOSITIONS = ["oneOf", "anyOf"];

export const misplacedParameterKeyword: RepairRule = {
  name: "misplaced-parameter-keyword",
  why: "oneOf, anyOf and default stand on the parameter where they mean nothing; they are moved into its schema.",
  apply(document) {
    const repaired: string[] = [];
    for (const { operation, position } of operationsOf(document)) {
      arrayAt(operation.parameters).forEach((parameter, index) => {
        if (!isObject(parameter)) return;
        const misplaced = [...COMPOSITIONS, "default"].filter((keyword) => parameter[keyword] !== undefined);
        if (misplaced.length === 0) return;
        const schema = objectAt(parameter.schema);
        for (const keyword of misplaced) {
          const value = parameter[keyword];
          if (value !== undefined) schema[keyword] = value;
          delete parameter[keyword];
          // the schema's own type is a place-holder beside the composition that was meant
          if (COMPOSITIONS.includes(keyword)) delete schema.type;
        }
        parameter.schema = schema;
        repaired.push(pointerOf(at(position, "parameters", index)));
      });
    }
    return repaired;
  },
};
