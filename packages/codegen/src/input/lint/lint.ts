import { arrayAt, isObject, type Json } from "../../json/json.ts";
import { at, type Position, pointerOf, ROOT } from "../../json/pointer.ts";
import { type OperationVisit, operationsOf, walkReferences, walkSchemas } from "../../json/walk.ts";
import type { DocumentFiles } from "../load/document-files.ts";
import type { UpstreamDocuments } from "../load/documents.ts";
import { DUPLICATE_OPERATION_ID, findDuplicateOperationIds } from "./duplicate-operation-ids.ts";
import { EVIDENCE_CLASSES, type EvidenceByModule, findContradicted } from "./evidence.ts";
import { resolveVisit } from "./resolve-visit.ts";
import type { Finding, LintContext } from "./rule.ts";
import { appliesTo, LINT_RULES } from "./rules.ts";

/** Names of all classes with what is wrong about them. */
export const LINT_CLASSES: ReadonlyMap<string, string> = new Map(
  [...LINT_RULES, DUPLICATE_OPERATION_ID, ...EVIDENCE_CLASSES].map(({ name, why }) => [name, why]),
);

/**
 * Finds every defect of every class, document by document.
 *
 * @param evidence - Observations by module; default: none, so that no document contradicts them
 * @returns The findings
 * @example
 * ```ts
 * import { lint, openSource, parseSource } from "@ghl-edge/codegen";
 *
 * const findings = lint(parseSource(await openSource({ from: "highlevel-api-docs" })));
 * ```
 */
export function lint({ documents, files }: UpstreamDocuments, evidence: EvidenceByModule = new Map()): Finding[] {
  const contexts = documents.map(({ api, file, document }): LintContext => ({ api, file, document, files }));
  return [
    ...contexts.flatMap(lintDocument),
    ...findDuplicateOperationIds(contexts),
    ...findContradicted(documents, evidence),
  ];
}

/**
 * Finds the defects of one document that need not be HighLevel's. Rules that hold only for HighLevel's documents are left out.
 *
 * @param file - Name of the document in the findings; default: its own name
 * @returns The findings
 * @example
 * ```ts
 * import { lintDocumentFiles, readDocumentFiles } from "@ghl-edge/codegen";
 *
 * const findings = lintDocumentFiles(await readDocumentFiles("petstore.yaml"), "petstore.yaml");
 * ```
 */
export function lintDocumentFiles({ name, document, files }: DocumentFiles, file = name): Finding[] {
  return lintDocument({ api: "", file: name, document, files }).map((finding) => ({ ...finding, file }));
}

/** The rules that are for a document, by what they look at. */
function rulesFor(context: LintContext) {
  const rules = LINT_RULES.filter((rule) => appliesTo(rule, context));
  return {
    reference: rules.flatMap(({ name, check }) => (check.on === "reference" ? [{ name, find: check.find }] : [])),
    schema: rules.flatMap(({ name, check }) => (check.on === "schema" ? [{ name, find: check.find }] : [])),
    parameter: rules.flatMap(({ name, check }) => (check.on === "parameter" ? [{ name, find: check.find }] : [])),
    operation: rules.flatMap(({ name, check }) => (check.on === "operation" ? [{ name, find: check.find }] : [])),
    document: rules.flatMap(({ name, check }) => (check.on === "document" ? [{ name, find: check.find }] : [])),
  };
}

function lintDocument(context: LintContext): Finding[] {
  const findings: Finding[] = [];
  const { api, file, document } = context;
  const report = (name: string, position: Position, detail: string | boolean | undefined): void => {
    if (detail === false || detail === "") return;
    const finding = { class: name, api, file, pointer: pointerOf(position) };
    findings.push(typeof detail === "string" ? { ...finding, detail } : finding);
  };
  const { schema, parameter, operation, reference, document: whole } = rulesFor(context);
  walkReferences(document, (_, target, position) => {
    for (const rule of reference) report(rule.name, position, rule.find(target, context));
  });
  walkSchemas(document, (value, position) => {
    for (const rule of schema) report(rule.name, position, rule.find(value, position, context));
  });
  const lintParameters = (visit: OperationVisit, parameters: Json | undefined, position: Position): void => {
    arrayAt(parameters).forEach((value, index) => {
      if (!isObject(value)) return;
      for (const rule of parameter) report(rule.name, at(position, index), rule.find(value, visit, context));
    });
  };
  const paths = new Set<string>();
  for (const visit of operationsOf(document)) {
    const resolved = resolveVisit(visit, context);
    for (const rule of operation)
      for (const hit of rule.find(resolved, context)) report(rule.name, hit.position, hit.detail);
    lintParameters(visit, visit.operation.parameters, at(visit.position, "parameters"));
    if (!paths.has(visit.path))
      lintParameters(visit, visit.pathItem.parameters, at(ROOT, "paths", visit.path, "parameters"));
    paths.add(visit.path);
  }
  for (const rule of whole) for (const hit of rule.find(context)) report(rule.name, hit.position, hit.detail);
  return findings;
}
