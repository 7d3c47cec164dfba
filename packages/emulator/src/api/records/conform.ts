import { isObject } from "@ghl-edge/core";
import { type SampleOptions, sample } from "../sample.ts";
import { flat, type Schema, type Schemas } from "../schema.ts";
import { problems } from "../validate.ts";

/**
 * Whether a member, made to conform already, can stand where it is. What is inside of lists and objects is not asked
 * again: records stay records, even where a document calls them texts (items of invoices, estimates in lists).
 */
function fits(property: Schema, value: unknown, schemas: Schemas): boolean {
  const own = flat(property, schemas);
  const isChoice = own.anyOf !== undefined || own.oneOf !== undefined;
  const { type, enum: allowed } = own;
  const outside = isChoice || typeof value !== "object" || value === null ? own : { type, enum: allowed };
  const schema = Object.fromEntries(Object.entries(outside).filter(([, keyword]) => keyword !== undefined));
  return problems(schema, { value, name: "" }, { schemas, spelling: "typed", open: true }).length === 0;
}

/**
 * Makes what is stored into an answer the document allows: what the document requires and nobody has sent is sampled,
 * what was sent in a form the answer cannot have is left out. Members the document does not name are kept.
 */
export function conform(given: Schema, value: unknown, options: SampleOptions): unknown {
  const schema = flat(given, options.schemas);
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined) return value;
    const made = value.map((item) => conform(items, item, options));
    return made.filter((item) => isObject(item) || fits(items, item, options.schemas));
  }
  if (!isObject(value) || schema.properties === undefined) return value;
  const { properties, required = [] } = schema;
  const made: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    const property = properties[name];
    const fitting = property === undefined ? member : conform(property, member, options);
    if (member === undefined || (property !== undefined && !fits(property, fitting, options.schemas))) continue;
    made[name] = fitting;
  }
  for (const name of required) {
    if (made[name] !== undefined || properties[name] === undefined) continue;
    const whole = sample({ type: "object", required: [name], properties: { [name]: properties[name] } }, options);
    made[name] = (whole as Record<string, unknown>)[name];
  }
  return made;
}
