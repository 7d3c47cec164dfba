import { arrayAt, isObject } from "../json.ts";
import type { UpstreamDocuments } from "../load/documents.ts";
import { at, type Place, pointerOf } from "../pointer.ts";
import { operationsOf, walkReferences, walkSchemas } from "../walk.ts";
import { DUPLICATE_OPERATION_ID, findDuplicateOperationIds } from "./duplicate-operation-ids.ts";
import type { Finding, LintContext } from "./rule.ts";
import { LINT_RULES } from "./rules.ts";

/** Names of all classes with what is wrong about them. */
export const LINT_CLASSES: ReadonlyMap<string, string> = new Map(
  [...LINT_RULES, DUPLICATE_OPERATION_ID].map(({ name, why }) => [name, why]),
);

/** Every defect of every class, document by document. */
export function lint({ documents, files }: UpstreamDocuments): Finding[] {
  const contexts = documents.map(({ api, file, document }): LintContext => ({ api, file, document, files }));
  return [...contexts.flatMap(lintDocument), ...findDuplicateOperationIds(contexts)];
}

/** The rules by what they look at. */
const RULES = {
  reference: LINT_RULES.flatMap(({ name, check }) => (check.on === "reference" ? [{ name, find: check.find }] : [])),
  schema: LINT_RULES.flatMap(({ name, check }) => (check.on === "schema" ? [{ name, find: check.find }] : [])),
  parameter: LINT_RULES.flatMap(({ name, check }) => (check.on === "parameter" ? [{ name, find: check.find }] : [])),
  operation: LINT_RULES.flatMap(({ name, check }) => (check.on === "operation" ? [{ name, find: check.find }] : [])),
  document: LINT_RULES.flatMap(({ name, check }) => (check.on === "document" ? [{ name, find: check.find }] : [])),
};

function lintDocument(context: LintContext): Finding[] {
  const findings: Finding[] = [];
  const { api, file, document } = context;
  const report = (name: string, place: Place, detail: string | boolean | undefined): void => {
    if (detail === false || detail === "") return;
    const finding = { class: name, api, file, pointer: pointerOf(place) };
    findings.push(typeof detail === "string" ? { ...finding, detail } : finding);
  };
  const { schema, parameter, operation, reference } = RULES;
  walkReferences(document, (_, target, place) => {
    for (const rule of reference) report(rule.name, place, rule.find(target, context));
  });
  walkSchemas(document, (value, place) => {
    for (const rule of schema) report(rule.name, place, rule.find(value, place, context));
  });
  for (const visit of operationsOf(document)) {
    for (const rule of operation) for (const hit of rule.find(visit, context)) report(rule.name, hit.place, hit.detail);
    arrayAt(visit.operation.parameters).forEach((value, index) => {
      if (!isObject(value)) return;
      const place = at(visit.place, "parameters", index);
      for (const rule of parameter) report(rule.name, place, rule.find(value, visit, context));
    });
  }
  for (const rule of RULES.document) for (const hit of rule.find(context)) report(rule.name, hit.place, hit.detail);
  return findings;
}
