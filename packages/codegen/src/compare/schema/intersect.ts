import { byCodeUnit, equalJson, isObject, type Json } from "../../json/json.ts";
import type { Node } from "./node.ts";
import type { Property, Variant } from "./variant-model.ts";

/** Returns the variant that satisfies both, or undefined when no value can. The order makes no difference. */
export function intersect(a: Variant, b: Variant): Variant | undefined {
  const type = commonType(a, b);
  if (type === undefined) return undefined;
  const values = commonValues(a.values, b.values);
  if (values !== undefined && values.length === 0) return undefined;
  const required = new Map(a.required);
  for (const [name, home] of b.required) if (!required.has(name)) required.set(name, home);
  return {
    type,
    label: a.label ?? b.label,
    values,
    rules: joinMembers(a.rules, b.rules, tighter),
    opaque: joinMembers(a.opaque, b.opaque, (_, x, y) =>
      equalJson(x, y) ? x : { all: distinct([...all(x), ...all(y)]) },
    ),
    properties: joinProperties(a.properties, b.properties),
    required,
    others: a.others === false || b.others === false ? false : joinNodes(a.others, b.others),
    items: joinNodes(a.items, b.items),
    discriminator: a.discriminator ?? b.discriminator,
  };
}

function commonType(a: Variant, b: Variant): Variant["type"] | undefined {
  if (a.type === b.type || b.type === "any") return a.type;
  if (a.type === "any") return b.type;
  const pair = [a.type, b.type];
  return pair.includes("integer") && pair.includes("number") ? "integer" : undefined;
}

function commonValues(a: Variant["values"], b: Variant["values"]): Variant["values"] {
  if (a === undefined || b === undefined) return a ?? b;
  return a.filter((value) => b.some((other) => equalJson(value, other)));
}

function joinNodes(a: Node | undefined, b: Node | undefined): Node | undefined {
  return a === undefined || b === undefined ? (a ?? b) : [...a, ...b];
}

function joinProperties(
  a: ReadonlyMap<string, Property>,
  b: ReadonlyMap<string, Property>,
): ReadonlyMap<string, Property> {
  if (a.size === 0 || b.size === 0) return a.size === 0 ? b : a;
  const joined = new Map(a);
  for (const [name, property] of b) {
    const other = joined.get(name);
    joined.set(
      name,
      other === undefined
        ? property
        : { node: [...other.node, ...property.node], home: other.home === property.home ? other.home : undefined },
    );
  }
  return joined;
}

function joinMembers(
  a: Readonly<Record<string, Json>>,
  b: Readonly<Record<string, Json>>,
  join: (keyword: string, x: Json, y: Json) => Json,
): Readonly<Record<string, Json>> {
  const joined = { ...a };
  for (const [keyword, value] of Object.entries(b)) {
    const other = joined[keyword];
    joined[keyword] = other === undefined ? value : join(keyword, other, value);
  }
  return joined;
}

function tighter(keyword: string, x: Json, y: Json): Json {
  if (equalJson(x, y)) return x;
  if (typeof x === "number" && typeof y === "number") {
    if (/^(min|exclusiveMin)/.test(keyword)) return Math.max(x, y);
    if (/^(max|exclusiveMax)/.test(keyword)) return Math.min(x, y);
  }
  return distinct([x, y].flat());
}

/** Returns the parts of an earlier join, or the value itself. */
function all(value: Json): Json[] {
  return isObject(value) && Array.isArray(value.all) ? value.all : [value];
}

/** Each value once, in one order: joining must not depend on what is joined first. */
function distinct(values: readonly Json[]): Json[] {
  const byText = new Map(values.map((value) => [JSON.stringify(value), value]));
  return [...byText].sort(([x], [y]) => byCodeUnit(x, y)).map(([, value]) => value);
}
