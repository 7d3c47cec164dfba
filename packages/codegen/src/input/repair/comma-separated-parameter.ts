import { arrayAt, isObject, type JsonObject, objectAt } from "../../json/json.ts";
import { at, pointerOf } from "../../json/pointer.ts";
import { operationsOf } from "../../json/walk.ts";
import type { RepairRule } from "./rule.ts";

/** "Comma-separated list of fields", "Types of message separated with comma". */
const SAYS_COMMA = /comma[- ]separated|separated (?:by|with) (?:a )?comma/i;

export const commaSeparatedParameter: RepairRule = {
  name: "comma-separated-parameter",
  why: "A query parameter is comma-separated in words and a list that is repeated, or one text, in its schema; it takes a list, which is sent as one value, or the text.",
  apply(document, { otherApi }) {
    const repaired: string[] = [];
    // the words of another API's author need not mean HighLevel's way of writing lists
    if (otherApi === true) return repaired;
    for (const { operation, position } of operationsOf(document)) {
      arrayAt(operation.parameters).forEach((parameter, index) => {
        if (!isObject(parameter) || parameter.in !== "query") return;
        if (!SAYS_COMMA.test(String(parameter.description ?? ""))) return;
        parameter.explode = false;
        parameter.schema = listOrText(objectAt(parameter.schema));
        repaired.push(pointerOf(at(position, "parameters", index)));
      });
    }
    return repaired;
  },
};

/** The schema's own examples stand beside the union: one of them may be a text although the schema is a list. */
function listOrText(schema: JsonObject): JsonObject {
  if (schema.type !== "array" && schema.type !== "string") return schema;
  const { example, examples, default: preset, ...own } = schema;
  const list: JsonObject = own.type === "array" ? own : { type: "array", items: own };
  const beside = Object.entries({ example, examples, default: preset }).filter(([, value]) => value !== undefined);
  return { ...(Object.fromEntries(beside) as JsonObject), anyOf: [list, { type: "string" }] };
}
