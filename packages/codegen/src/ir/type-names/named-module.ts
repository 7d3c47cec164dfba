import { camelCase, pascalCase } from "../method-name.ts";
import type { Module } from "../model.ts";
import { reservedTypeNames } from "../names.ts";
import { inlineCandidates, schemaCandidates } from "./candidates.ts";
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
  const { module, places } = moveInlineObjects(input);
  const taken = new Set(reservedTypeNames(module));
  const labels = new Map<string, string>();
  const claims: Claim[] = [];
  const inside: Claim[] = [];
  for (const [key, usage] of usageOf(module)) {
    const place = places.get(key);
    if (place !== undefined) continue;
    const candidates = schemaCandidates(module, key, usage);
    labels.set(key, candidates[0] ?? key);
    claims.push({ key, candidates, rank: (name) => rankOf(name, key, usage) });
  }
  // a parent comes before what stood in it
  for (const [key, place] of places) {
    const candidates = inlineCandidates(place, labels.get(place.parent ?? "") ?? "");
    labels.set(key, candidates.at(place.operation === undefined ? -1 : 0) ?? key);
    (place.operation === undefined ? inside : claims).push({ key, candidates, rank: () => 0 });
  }
  const typeNames = settleNames(claims, taken);
  // last, so that none of these takes a name from a schema of the document
  for (const [key, name] of settleNames(inside, taken)) typeNames.set(key, name);
  return { ...module, typeNames, inline: new Set(places.keys()), sent: sentSchemas(module) };
}

/** A schema of that very name comes first, then the record that a property of that name holds, then what a GET answers. */
function rankOf(name: string, key: string, { properties, answers }: Usage): number {
  if (pascalCase(key) === name) return 4;
  if (properties.has(camelCase(name))) return 3;
  return answers.some(({ method }) => method === "GET") ? 2 : Math.min(answers.length, 1);
}
