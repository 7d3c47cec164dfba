import { arrayAt, isObject, type Json, type JsonObject, objectAt } from "../../../json/json.ts";
import { OPEN_ENUM } from "../../../json/open-enum.ts";
import { ROOT, resolvePointer } from "../../../json/pointer.ts";
import { walkSchema } from "../../../json/walk.ts";
import { type Form, formsOf, kindsOf, propertyNames, propertySlots } from "../shape/forms.ts";
import { kindOf } from "../shape/kind.ts";

/**
 * Opens the enums of everything that the given schemas lead to, in place. HighLevel adds values without a new version, so
 * an answer with a new value is not broken. The discriminators of unions stay closed.
 */
export function openEnums(document: JsonObject, roots: readonly Json[]): void {
  const met = new Set<JsonObject>();
  const closed = new Set<Json>();
  const open = [...roots];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    walkSchema(next, ROOT, (schema) => {
      if (met.has(schema)) return;
      met.add(schema);
      for (const one of discriminatorsOf(document, schema)) closed.add(one);
      if (typeof schema.$ref === "string") open.push(...[resolvePointer(document, schema.$ref) ?? []].flat());
    });
  }
  for (const schema of met) if (!closed.has(schema)) openEnum(schema);
}

function openEnum(schema: JsonObject): void {
  const values = arrayAt(schema.enum);
  const kinds = [...new Set(values.map(kindOf))];
  if (values.length === 0 || !kinds.every((kind) => kind === "string" || kind === "number" || kind === "null")) return;
  // without a type the enum said which kinds there are
  schema.type ??= kinds.length === 1 ? (kinds[0] as string) : kinds;
  schema[OPEN_ENUM] = values;
  delete schema.enum;
}

/** Returns the enums that distinguish the members of a union. */
function discriminatorsOf(document: JsonObject, schema: JsonObject): Json[] {
  const named = objectAt(schema.discriminator).propertyName;
  const found: Json[] = [];
  for (const keyword of ["oneOf", "anyOf"]) {
    const members = arrayAt(schema[keyword]);
    const forms = members.flatMap((_, index) =>
      formsOf(document, { holder: members as unknown as JsonObject, key: String(index), position: ROOT }),
    );
    const objects = forms.filter((form) => form.length > 0 && kindsOf(form).has("object"));
    if (objects.length < 2) continue;
    for (const name of propertyNames(objects[0] ?? [])) {
      const enums = objects.map((form) => enumsOf(form, name));
      if (name === named || areDisjoint(enums)) found.push(...enums.flat());
    }
  }
  return found;
}

function enumsOf(form: Form, name: string): JsonObject[] {
  return propertySlots(form, name)
    .map(({ holder, key }) => holder[key])
    .filter((schema): schema is JsonObject => isObject(schema) && Array.isArray(schema.enum));
}

/** Every member of the union has values of its own. */
function areDisjoint(enums: readonly JsonObject[][]): boolean {
  if (enums.some((schemas) => schemas.length === 0)) return false;
  const values = enums.map((schemas) => new Set(schemas.flatMap((schema) => arrayAt(schema.enum))));
  return new Set(values.flatMap((set) => [...set])).size === values.reduce((sum, set) => sum + set.size, 0);
}
