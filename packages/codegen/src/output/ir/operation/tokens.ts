import { arrayAt, isObject, type JsonObject } from "../../../json/json.ts";

const LETTERS = [
  ["location", "l"],
  ["location-pit", "L"],
  ["company", "c"],
  ["company-pit", "C"],
] as const;

/** `x-token` as letters: `""` anonymous, `"?"` where the document does not say. */
export function tokensOf(operation: JsonObject): string {
  const acceptedTypes = operation["x-token"];
  if (!Array.isArray(acceptedTypes)) return "?";
  return LETTERS.filter(([type]) => acceptedTypes.includes(type))
    .map(([, letter]) => letter)
    .join("");
}

/** Scopes named by any of the security requirements: HighLevel's are alternatives, never a conjunction. */
export function scopesOf(operation: JsonObject): string[] {
  const scopes = new Set<string>();
  for (const requirement of arrayAt(operation.security)) {
    if (!isObject(requirement)) continue;
    for (const names of Object.values(requirement)) {
      for (const name of arrayAt(names)) if (typeof name === "string") scopes.add(name);
    }
  }
  return [...scopes];
}
