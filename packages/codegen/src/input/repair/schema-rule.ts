import { pointerOf } from "../../json/pointer.ts";
import { walkSchemas } from "../../json/walk.ts";
import type { Mend, RepairRule } from "./rule.ts";

/** Makes a rule out of a function on one schema. */
export function schemaRule(name: string, why: string, mend: Mend): RepairRule {
  return {
    name,
    why,
    apply(document) {
      const mended: string[] = [];
      walkSchemas(document, (schema, place) => {
        if (mend(schema)) mended.push(pointerOf(place));
      });
      return mended;
    },
  };
}
