import { arrayAt, isObject, type Json, type JsonObject, objectAt } from "../../json/json.ts";
import { resolvePointer } from "../../json/pointer.ts";

/** Schemas that hold together: the value must satisfy every one. Usually one; more where `allOf` joined them. */
export type Node = readonly Json[];

/** A schema without `$ref` and `allOf`, and the shared schema it is the top of. */
export interface Base {
  readonly schema: JsonObject | boolean;
  readonly home: string | undefined;
  /** The shared schemas that were passed on the way. */
  readonly met: ReadonlySet<string>;
}

/** One side of a comparison: follows references and gives nodes a name. */
export interface SchemaSource {
  readonly document: JsonObject;
  /** The same for the same schemas, in whatever order they stand. */
  id(node: Node): string;
  /** Name of the shared schema that the node is nothing but a reference to. */
  reference(node: Node): string | undefined;
  /** The shared schema as a node. */
  named(name: string): Node;
  /**
   * The node with every reference followed and every `allOf` taken apart; undefined when it leads back to a schema that
   * was met, and so adds nothing to it.
   */
  expand(node: Node, met?: ReadonlySet<string>): Base[] | undefined;
}

const SCHEMAS = "#/components/schemas/";

export function createSchemaSource(document: JsonObject): SchemaSource {
  const ids = new Map<JsonObject, number>();
  const schemas = objectAt(objectAt(document.components).schemas);
  const idOf = (schema: Json): string => {
    if (!isObject(schema)) return String(schema);
    const known = ids.get(schema) ?? ids.size;
    ids.set(schema, known);
    return String(known);
  };
  const follow = (
    schema: Json,
    { home, met }: { readonly home: string | undefined; readonly met: ReadonlySet<string> },
    found: Base[],
  ): boolean => {
    if (!isObject(schema)) {
      found.push({ schema: schema !== false, home, met });
      return true;
    }
    const name = nameOf(schema);
    if (name !== undefined) {
      if (met.has(name)) return false;
      const target = Object.hasOwn(schemas, name) ? schemas[name] : resolvePointer(document, SCHEMAS + name);
      return follow(target ?? true, { home: name, met: new Set([...met, name]) }, found);
    }
    const { allOf, ...rest } = schema;
    if (allOf === undefined) found.push({ schema, home, met });
    else {
      if (Object.keys(rest).length > 0) found.push({ schema: rest, home, met });
      return arrayAt(allOf).every((member) => follow(member, { home, met }, found));
    }
    return true;
  };
  return {
    document,
    id: (node) => [...new Set(node.map(idOf))].sort().join("&"),
    reference: (node) => (node.length === 1 && isObject(node[0]) ? nameOf(node[0]) : undefined),
    named: (name) => [(Object.hasOwn(schemas, name) ? schemas[name] : undefined) ?? true],
    expand: (node, met = new Set()) => {
      const found: Base[] = [];
      return node.every((schema) => follow(schema, { home: undefined, met }, found)) ? found : undefined;
    },
  };
}

function nameOf(schema: JsonObject): string | undefined {
  const reference = schema.$ref;
  if (typeof reference !== "string" || !reference.startsWith(SCHEMAS)) return undefined;
  return decode(reference.slice(SCHEMAS.length)).replaceAll("~1", "/").replaceAll("~0", "~");
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
