import { camelCase, pascalCase } from "../method-name.ts";
import type { Module } from "../model.ts";
import { reservedTypeNames } from "../names.ts";
import { givenName, inlineCandidates, schemaCandidates } from "./candidates.ts";
import { moveInlineObjects } from "./inline.ts";
import { type Claim, settleNames } from "./settle.ts";
import { sentSchemas, type Usage, usageOf } from "./usage.ts";

/** A module whose schemas have names in TypeScript. */
export interface NamedModule extends Module {
  /** Name of each schema by its key. */
  readonly typeNames: ReadonlyMap<string, string>;
  /** Keys of schemas that the document has no name for: object types that stood inside another type. */
  readonly inline: ReadonlySet<string>;
  /** Keys of schemas that a request reaches. */
  readonly sent: ReadonlySet<string>;
}

/**
 * Names every object type of a module, by rules that depend neither on the order of the document nor on other modules
 * (docs/design/codegen.md, "Names of types").
 */
export function nameTypes(input: Module): NamedModule {
  const { module, positions } = moveInlineObjects(input);
  const taken = new Set(reservedTypeNames(module));
  const claims: Claim[] = [];
  for (const [key, usage] of usageOf(module)) {
    if (positions.has(key)) continue;
    claims.push({
      key,
      candidates: schemaCandidates(module, key, usage),
      rank: (name) => (givenName(module, key) === name ? 5 : rankOf(name, key, usage)),
    });
  }
  const inside = new Map(positions);
  for (const [key, position] of positions) {
    if (position.operation === undefined) continue;
    claims.push({ key, candidates: inlineCandidates(position, ""), rank: () => 0 });
    inside.delete(key);
  }
  const typeNames = settleNames(claims, taken);
  // what stood inside comes last, level by level, so that it takes no name from what it stood in
  while (inside.size > 0) {
    const level: Claim[] = [];
    for (const [key, position] of inside) {
      const parentName = typeNames.get(position.parent ?? "");
      if (parentName !== undefined)
        level.push({ key, candidates: inlineCandidates(position, parentName), rank: () => 0 });
    }
    for (const [key, name] of settleNames(level, taken)) {
      typeNames.set(key, name);
      inside.delete(key);
    }
  }
  return { ...module, typeNames, inline: new Set(positions.keys()), sent: sentSchemas(module) };
}

/** A schema of that very name comes first, then the record that a property of that name holds, then what a GET answers. */
function rankOf(name: string, key: string, { properties, answers }: Usage): number {
  if (pascalCase(key) === name) return 4;
  if (properties.has(camelCase(name))) return 3;
  return answers.some(({ method }) => method === "GET") ? 2 : Math.min(answers.length, 1);
}
