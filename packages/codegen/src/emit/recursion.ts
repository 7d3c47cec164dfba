import { arrayAt, isObject, type Json } from "../json.ts";
import { parsePointer } from "../pointer.ts";

/**
 * Names of the schemas that lead to themselves without an object in between, by way of unions, intersections, arrays and
 * tuples. As a member of an interface such a type would be its own annotation (TS2502); a type alias may name itself.
 */
export function recursiveSchemas(schemas: Readonly<Record<string, Json>>): ReadonlySet<string> {
  const targets = new Map(Object.entries(schemas).map(([name, schema]) => [name, namedOutsideObjects(schema)]));
  const leadsToItself = (name: string): boolean => {
    const met = new Set<string>();
    const open = [...(targets.get(name) ?? [])];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (next === name) return true;
      if (met.has(next)) continue;
      met.add(next);
      open.push(...(targets.get(next) ?? []));
    }
    return false;
  };
  return new Set([...targets.keys()].filter(leadsToItself));
}

/** TypeScript resolves the members of an object type only when they are looked at, so what they name does not count. */
function namedOutsideObjects(schema: Json): string[] {
  if (!isObject(schema)) return [];
  if (typeof schema.$ref === "string") return parsePointer(schema.$ref)?.slice(2, 3) ?? [];
  const { allOf, oneOf, anyOf, prefixItems, items = null } = schema;
  const members = [...[allOf, oneOf, anyOf, prefixItems].flatMap(arrayAt), ...(Array.isArray(items) ? items : [items])];
  return members.flatMap(namedOutsideObjects);
}

/** A name for the alias of each schema, none of which is taken. */
export function aliasNames(names: Iterable<string>): ReadonlyMap<string, string> {
  // what generated files declare besides
  const taken = new Set(["WithRequired"]);
  const aliases = new Map<string, string>();
  for (const name of names) {
    const words = name.match(/[A-Za-z0-9]+/g) ?? [];
    const stem = `Recursive${words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("")}`;
    let alias = stem;
    for (let count = 2; taken.has(alias); count++) alias = `${stem}${count}`;
    taken.add(alias);
    aliases.set(name, alias);
  }
  return aliases;
}
