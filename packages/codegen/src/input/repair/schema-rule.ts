import { pointerOf } from "../../json/pointer.ts";
import { walkSchemas } from "../../json/walk.ts";
import type { RepairRule, RepairSchema } from "./rule.ts";

/** Makes a rule out of a function on one schema. */
export function schemaRule(name: string, why: string, repairSchema: RepairSchema): RepairRule {
  return {
    name,
    why,
    apply(document) {
      const repaired: string[] = [];
      walkSchemas(document, (schema, position) => {
        if (repairSchema(schema)) repaired.push(pointerOf(position));
      });
      return repaired;
    },
  };
}
