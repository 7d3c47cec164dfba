import type { JsonObject } from "../../json/json.ts";
import { bundle } from "../load/bundle.ts";
import type { RepairContext, RepairRule } from "./rule.ts";
import { DOCUMENT_RULES, REFERENCE_RULES } from "./rules.ts";

/** JSON Pointers of the corrections a rule made, by rule name. Rules that found nothing are absent. */
export type RepairLog = ReadonlyMap<string, readonly string[]>;

export interface Repaired {
  /** Self-contained, and right as far as the rules know. */
  readonly document: JsonObject;
  readonly log: RepairLog;
}

/**
 * Applies all rules and joins the document with the schemas it takes from other files. The input is left alone.
 *
 * @throws UnresolvedReferenceError for a reference that no rule covers.
 */
export function repair(upstream: JsonObject, context: RepairContext): Repaired {
  const document = structuredClone(upstream);
  const log = new Map<string, readonly string[]>();
  const run = (rule: RepairRule): void => {
    const pointers = rule.apply(document, context);
    if (pointers.length > 0) log.set(rule.name, pointers);
  };
  REFERENCE_RULES.forEach(run);
  bundle(document, context.file, context.files);
  DOCUMENT_RULES.forEach(run);
  return { document, log };
}
