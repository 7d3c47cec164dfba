import { arrayAt, isObject, type Json, objectAt } from "../../../json/json.ts";
import { parsePointer, ROOT } from "../../../json/pointer.ts";
import { walkSchema } from "../../../json/walk.ts";
import type { Module, Operation } from "../model.ts";

/** Uses of a schema in the operations of a module and in its other schemas. */
export interface Usage {
  /** Operations of which it is the whole body. */
  readonly bodies: readonly Operation[];
  /** Operations of which it is the whole answer. */
  readonly answers: readonly Operation[];
  /** Another schema refers to it, or it is an item of a body or an answer. */
  readonly nested: boolean;
  /** It is an item of a list somewhere. */
  readonly item: boolean;
  /** Names of the properties that hold one of it. */
  readonly properties: ReadonlySet<string>;
}

interface MutableUsage extends Usage {
  readonly bodies: Operation[];
  readonly answers: Operation[];
  readonly properties: Set<string>;
  nested: boolean;
  item: boolean;
}

/** Key of the schema that a reference names. */
export function keyOf(schema: Json | undefined): string | undefined {
  return isObject(schema) && typeof schema.$ref === "string" ? parsePointer(schema.$ref)?.[2] : undefined;
}

export function usageOf(module: Module): ReadonlyMap<string, Usage> {
  const usages = new Map<string, MutableUsage>();
  for (const key of Object.keys(module.schemas))
    usages.set(key, { bodies: [], answers: [], nested: false, item: false, properties: new Set() });
  const use = (schema: Json | undefined): MutableUsage | undefined => usages.get(keyOf(schema) ?? "");
  const inner = (root: Json): void =>
    walkSchema(root, ROOT, (schema) => {
      const item = use(schema.items);
      if (item !== undefined) item.item = true;
      for (const [name, property] of Object.entries(objectAt(schema.properties))) {
        for (const held of [property, ...arrayAt(objectAt(property).anyOf)]) use(held)?.properties.add(name);
      }
      if (schema !== root) markNested(use(schema));
    });
  for (const schema of Object.values(module.schemas)) {
    markNested(use(schema));
    inner(schema);
  }
  for (const operation of module.operations) {
    const { body, answer } = operation;
    if (body !== undefined) {
      use(body.chosen.schema)?.bodies.push(operation);
      inner(body.chosen.schema);
    }
    for (const { media } of answer.kind === "json" ? answer.of : []) {
      use(media.schema)?.answers.push(operation);
      inner(media.schema);
    }
  }
  return usages;
}

function markNested(usage: MutableUsage | undefined): void {
  if (usage !== undefined) usage.nested = true;
}

/** Keys of the schemas that requests reach: bodies and parameters, and everything that these refer to. */
export function sentSchemas(module: Module): ReadonlySet<string> {
  const sent = new Set<string>();
  const open: Json[] = module.operations.flatMap(({ parameters, body }) => [
    ...parameters.map(({ schema }) => schema),
    ...(body?.media ?? []).map(({ schema }) => schema),
  ]);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    walkSchema(next, ROOT, (schema) => {
      const key = keyOf(schema);
      if (key === undefined || sent.has(key)) return;
      sent.add(key);
      open.push(module.schemas[key] ?? true);
    });
  }
  return sent;
}
