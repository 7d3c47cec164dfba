import type { JsonObject } from "../../json/json.ts";
import type { Position } from "../../json/pointer.ts";
import type { OperationVisit } from "../../json/walk.ts";
import type { Api } from "../load/modules.ts";

/** A document under inspection, as it came. */
export interface LintContext {
  /** `""` for a document that is not HighLevel's. */
  readonly api: Api | "";
  readonly file: string;
  readonly document: JsonObject;
  /** Every parsed file of the source. */
  readonly files: ReadonlyMap<string, JsonObject>;
}

/** Whether a document is of OpenAPI 3.0, which lacks what JSON Schema has and has what JSON Schema lacks. */
export function isOpenApi30({ document }: LintContext): boolean {
  return /^3\.0\b/.test(String(document.openapi));
}

/** Result of a rule: the pointer, and the offending value in short. */
export interface Hit {
  readonly position: Position;
  readonly detail?: string | undefined;
}

/** The part of a document that a rule checks. The runner walks each document once and calls every rule at its parts. */
export type Check =
  | {
      readonly on: "schema";
      readonly find: (schema: JsonObject, position: Position, context: LintContext) => string | boolean;
    }
  | {
      readonly on: "parameter";
      readonly find: (parameter: JsonObject, visit: OperationVisit, context: LintContext) => string | boolean;
    }
  | { readonly on: "operation"; readonly find: (visit: OperationVisit, context: LintContext) => readonly Hit[] }
  | { readonly on: "reference"; readonly find: (reference: string, context: LintContext) => string | boolean }
  | { readonly on: "document"; readonly find: (context: LintContext) => readonly Hit[] };

/** One class of defect. */
export interface LintRule {
  /** Name of the class, as `--class` takes it. */
  readonly name: string;
  /** Explanation of the fault and of its effect on a generator. */
  readonly why: string;
  readonly check: Check;
}

/** One defect. */
export interface Finding {
  readonly class: string;
  /** `""` for a document that is not HighLevel's. */
  readonly api: Api | "";
  readonly file: string;
  readonly pointer: string;
  readonly detail?: string;
}
