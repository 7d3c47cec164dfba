import { createHash } from "node:crypto";
import { byCodeUnit, sortMembers } from "../../json/json.ts";
import { ANNOTATIONS, annotation } from "./annotations.ts";
import type { Node, SchemaSource } from "./node.ts";
import { resolvedText } from "./resolved.ts";
import { variantsOf } from "./variant.ts";
import type { Variant } from "./variant-model.ts";

/** Depth to which two schemas are compared. Recursive schemas need a limit. */
const DEPTH = 8;

/** Fingerprint of an absent member. */
export const NOTHING = "-";

/**
 * A text for a schema that is the same for schemas that say the same, however they say it: with references or without,
 * in whatever order, in one piece or in several.
 */
export interface Fingerprints {
  ofNode(node: Node): string;
  ofVariant(variant: Variant): string;
}

export function createFingerprints(source: SchemaSource): Fingerprints {
  const known = new Map<string, string>();
  const ofNode = (node: Node, depth: number): string => {
    const key = `${depth} ${source.id(node)}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const variants = depth === 0 ? [] : variantsOf(source, node).map((variant) => ofVariant(variant, depth));
    const text = digest([annotations(source, node), ...new Set(variants.sort(byCodeUnit))]);
    known.set(key, text);
    return text;
  };
  const ofVariant = (variant: Variant, depth: number): string => {
    const below = (node: Node | false | undefined): string => (node ? ofNode(node, depth - 1) : String(node));
    const names = [...new Set([...variant.properties.keys(), ...variant.required.keys()])].sort(byCodeUnit);
    const fields = names.map((name) => {
      return JSON.stringify([name, variant.required.has(name), below(variant.properties.get(name)?.node)]);
    });
    const values = variant.values?.map((value) => JSON.stringify(value)).sort(byCodeUnit) ?? [NOTHING];
    const opaque = Object.entries(variant.opaque).map(([keyword, value]) => keyword + resolvedText(source, value));
    return digest([
      variant.type,
      values.join(),
      JSON.stringify(sortMembers(variant.rules)),
      opaque.sort(byCodeUnit).join(),
      fields.join(),
      below(variant.items),
      below(variant.others),
    ]);
  };
  return { ofNode: (node) => ofNode(node, DEPTH), ofVariant: (variant) => ofVariant(variant, DEPTH) };
}

function annotations(source: SchemaSource, node: Node): string {
  return JSON.stringify(ANNOTATIONS.map((keyword) => sortMembers(annotation(source, node, keyword) ?? null)));
}

function digest(parts: readonly string[]): string {
  return createHash("sha1").update(JSON.stringify(parts)).digest("base64");
}
