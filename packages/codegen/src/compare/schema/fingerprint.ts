import { createHash } from "node:crypto";
import { byCodeUnit, sortMembers } from "../../json/json.ts";
import { alternativesOf } from "./alternative.ts";
import type { Alternative } from "./alternative-model.ts";
import { ANNOTATIONS, annotation } from "./annotations.ts";
import type { Node, SchemaSource } from "./node.ts";
import { resolvedText } from "./resolved.ts";

/** How deep two schemas are looked into to tell whether they are the same: recursion needs an end. */
const DEPTH = 8;

/** Stands for what is not there. */
export const NOTHING = "-";

/**
 * A text for a schema that is the same for schemas that say the same, however they say it: with references or without,
 * in whatever order, in one piece or in several.
 */
export interface Fingerprints {
  ofNode(node: Node): string;
  ofForm(form: Alternative): string;
}

export function createFingerprints(source: SchemaSource): Fingerprints {
  const known = new Map<string, string>();
  const ofNode = (node: Node, depth: number): string => {
    const key = `${depth} ${source.id(node)}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const forms = depth === 0 ? [] : alternativesOf(source, node).map((form) => ofForm(form, depth));
    const text = digest([annotations(source, node), ...new Set(forms.sort(byCodeUnit))]);
    known.set(key, text);
    return text;
  };
  const ofForm = (form: Alternative, depth: number): string => {
    const below = (node: Node | false | undefined): string => (node ? ofNode(node, depth - 1) : String(node));
    const names = [...new Set([...form.properties.keys(), ...form.required.keys()])].sort(byCodeUnit);
    const fields = names.map((name) => {
      return JSON.stringify([name, form.required.has(name), below(form.properties.get(name)?.node)]);
    });
    const values = form.values?.map((value) => JSON.stringify(value)).sort(byCodeUnit) ?? [NOTHING];
    const opaque = Object.entries(form.opaque).map(([keyword, value]) => keyword + resolvedText(source, value));
    return digest([
      form.type,
      values.join(),
      JSON.stringify(sortMembers(form.rules)),
      opaque.sort(byCodeUnit).join(),
      fields.join(),
      below(form.items),
      below(form.others),
    ]);
  };
  return { ofNode: (node) => ofNode(node, DEPTH), ofForm: (form) => ofForm(form, DEPTH) };
}

function annotations(source: SchemaSource, node: Node): string {
  return JSON.stringify(ANNOTATIONS.map((keyword) => sortMembers(annotation(source, node, keyword) ?? null)));
}

function digest(parts: readonly string[]): string {
  return createHash("sha1").update(JSON.stringify(parts)).digest("base64");
}
