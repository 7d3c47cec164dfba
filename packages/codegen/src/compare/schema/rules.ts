import { equalJson, type Json } from "../../json/json.ts";
import type { Kind } from "../kinds.ts";

/** Returns the kind of change of a bound, format or pattern, or undefined when it did not change. */
export function ruleChange(keyword: string, before: Json | undefined, after: Json | undefined): Kind | undefined {
  if (equalJson(before, after)) return undefined;
  if (before === undefined) return "constraint-tightened";
  if (after === undefined) return "constraint-loosened";
  if (typeof before === "number" && typeof after === "number") {
    if (/^(min|exclusiveMin)/.test(keyword)) return after > before ? "constraint-tightened" : "constraint-loosened";
    if (/^(max|exclusiveMax)/.test(keyword)) return after < before ? "constraint-tightened" : "constraint-loosened";
  }
  return "constraint-changed";
}
