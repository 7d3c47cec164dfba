import { isObject, objectAt } from "../../json/json.ts";
import { at, pointerOf, ROOT } from "../../json/pointer.ts";
import type { RepairRule } from "./rule.ts";

export const securitySchemeMembers: RepairRule = {
  name: "security-scheme-members",
  why: "Security schemes of type http carry name and in, which belong to apiKey; they are dropped.",
  apply(document) {
    const schemes = objectAt(objectAt(document.components).securitySchemes);
    return Object.entries(schemes).flatMap(([name, scheme]) => {
      if (!isObject(scheme) || scheme.type !== "http") return [];
      if (scheme.name === undefined && scheme.in === undefined) return [];
      delete scheme.name;
      delete scheme.in;
      return [pointerOf(at(ROOT, "components", "securitySchemes", name))];
    });
  },
};
