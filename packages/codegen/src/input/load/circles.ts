import { isObject, type Json, type JsonObject, objectAt } from "../../json/json.ts";
import { at, type Position, parsePointer, ROOT } from "../../json/pointer.ts";

/** A reference that closes a circle, and how the document is without it. */
export interface Circle {
  readonly position: Position;
  readonly reference: string;
  readonly remove: () => void;
}

/**
 * References by which a component schema is its own definition: through nothing but `$ref`, `oneOf`, `anyOf` and `allOf`, all of
 * which speak of the same value. JSON Schema leaves open what such a schema means (2020-12 core, section 9.4.1). A circle
 * through a property or an item is an ordinary recursive type.
 */
export function findCircles(document: JsonObject): Circle[] {
  const schemas = objectAt(objectAt(document.components).schemas);
  const found: Circle[] = [];
  const done = new Set<string>();
  const visit = (name: string, above: ReadonlySet<string>): void => {
    if (done.has(name)) return;
    const path = new Set([...above, name]);
    for (const circle of ofSameValue(schemas[name], at(ROOT, "components", "schemas", name))) {
      const target = nameOf(circle.reference);
      if (target === undefined || !Object.hasOwn(schemas, target)) continue;
      if (path.has(target)) found.push(circle);
      else visit(target, path);
    }
    done.add(name);
  };
  for (const name of Object.keys(schemas)) visit(name, new Set());
  return found;
}

function nameOf(reference: string): string | undefined {
  const [components, schemas, name, ...rest] = parsePointer(reference) ?? [];
  return components === "components" && schemas === "schemas" && rest.length === 0 ? name : undefined;
}

/** The references of a schema that speak of the value that the schema itself speaks of. */
function ofSameValue(schema: Json | undefined, position: Position): Circle[] {
  if (!isObject(schema)) return [];
  const own = typeof schema.$ref === "string" ? [circleOf(schema, schema.$ref, position)] : [];
  const members = ["allOf", "anyOf", "oneOf"].flatMap((key) => {
    const list = schema[key];
    if (!Array.isArray(list)) return [];
    return list.flatMap((member, index) => {
      const remove = (): void => {
        const left = list.filter((one) => one !== member);
        list.splice(0, list.length, ...left);
        // a list without members would be a type without values
        if (left.length === 0) delete schema[key];
      };
      const here = at(position, key, index);
      return ofSameValue(member, here).map((circle) =>
        circle.position.parent === here ? { ...circle, remove } : circle,
      );
    });
  });
  return [...own, ...members];
}

function circleOf(holder: JsonObject, reference: string, position: Position): Circle {
  return { position: at(position, "$ref"), reference, remove: () => delete holder.$ref };
}
