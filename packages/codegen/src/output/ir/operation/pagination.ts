import { arrayAt, isObject, type Json, type JsonObject } from "../../../json/json.ts";
import type { Answer, ItemType, Pagination } from "../model.ts";
import { type Context, resolveSchema } from "../reference.ts";

const STRATEGIES = ["offset", "page", "cursor"] as const;

/** `x-pagination` of the distilled form (docs/design/contracts.md, section 1). */
export function paginationOf(context: Context, operation: JsonObject, answer: Answer): Pagination | undefined {
  const row = operation["x-pagination"];
  if (!isObject(row)) return undefined;
  const strategy = STRATEGIES.find((name) => name === row.strategy);
  if (strategy === undefined || typeof row.items !== "string") return undefined;
  return {
    strategy,
    items: row.items,
    item: itemOf(context, answer, row.items),
    param: text(row.param),
    cursor: isObject(row.cursor) ? textMap(row.cursor) : undefined,
    first: typeof row.first === "number" ? row.first : undefined,
    total: text(row.total),
    more: text(row.more),
    inBody: row.in === "body",
    strings: row.strings === true,
  };
}

function itemOf(context: Context, answer: Answer, path: string): ItemType {
  if (answer.kind !== "json" || answer.of.length !== 1) return { kind: "unknown" };
  let schema: Json | undefined = answer.of[0]?.media.schema;
  for (const step of path === "" ? [] : path.split(".")) schema = property(context, schema, step);
  const items = resolveSchema(context.document, nonNull(context, schema))?.items;
  return isObject(items) ? { kind: "schema", schema: items } : { kind: "unknown" };
}

function property(context: Context, schema: Json | undefined, name: string): Json | undefined {
  const resolved = resolveSchema(context.document, nonNull(context, schema));
  if (resolved === undefined) return undefined;
  if (isObject(resolved.properties) && Object.hasOwn(resolved.properties, name)) return resolved.properties[name];
  for (const part of arrayAt(resolved.allOf)) {
    const found = property(context, part, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `anyOf: [X, null]` is how the distilled form writes a nullable reference. */
function nonNull(context: Context, schema: Json | undefined): Json | undefined {
  const resolved = resolveSchema(context.document, schema);
  const members = arrayAt(resolved?.anyOf).filter((member) => !(isObject(member) && member.type === "null"));
  return members.length === 1 ? members[0] : schema;
}

function text(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function textMap(value: JsonObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}
