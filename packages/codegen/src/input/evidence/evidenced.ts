import type { JsonObject } from "../../json/json.ts";
import { applyEvidence, type Evidence } from "./apply.ts";
import { findInCursors } from "./documented-cursors.ts";
import { applyExamples } from "./examples/apply-examples.ts";
import type { ExampleFindings } from "./examples/example-shapes.ts";

/** Knowledge about a document from its examples and from recordings. */
export interface Known {
  /** Findings from its own examples. */
  readonly findings: ExampleFindings;
  /** The file of the findings, as errors name it. */
  readonly file: string;
  /** Observations of the live API. */
  readonly evidence: Evidence;
}

/** A distilled document as modules are built from it. The input is left alone. */
export function evidenced(document: JsonObject, { findings, file, evidence }: Known): JsonObject {
  const seen = applyEvidence(applyExamples(document, findings, file), evidence);
  // last, because what an answer gives as a cursor may be known from evidence alone
  return applyExamples(seen, findInCursors(seen), file);
}
