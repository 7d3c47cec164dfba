import { isObject, type Json } from "../../json/json.ts";
import type { Node, SchemaSource } from "./node.ts";

/** Keywords that describe a position, and not the values that are allowed at it. */
export const ANNOTATIONS = ["deprecated", "readOnly", "writeOnly", "default"] as const;
export type Annotation = (typeof ANNOTATIONS)[number];

/** Reads an annotation at the node itself, also beside a reference, but not behind one. */
export function ownAnnotation(node: Node, keyword: Annotation): Json | undefined {
  for (const schema of node) if (isObject(schema) && schema[keyword] !== undefined) return schema[keyword];
  return undefined;
}

/** The same, also behind references and in `allOf`. */
export function annotation(source: SchemaSource, node: Node, keyword: Annotation): Json | undefined {
  const own = ownAnnotation(node, keyword);
  if (own !== undefined) return own;
  for (const { schema } of source.expand(node) ?? []) {
    if (isObject(schema) && schema[keyword] !== undefined) return schema[keyword];
  }
  return undefined;
}
