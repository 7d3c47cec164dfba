import type { JsonObject } from "../../json/json.ts";

/** Inputs of a rule besides the document. */
export interface RepairContext {
  /** The document is not HighLevel's: what HighLevel means by a mistake is not what its author means. Default false. */
  readonly otherApi?: boolean;
  /** Path of the document inside its source, with `/`. */
  readonly file: string;
  /** Every parsed file of the source by path: where references into other files lead. */
  readonly files: ReadonlyMap<string, JsonObject>;
}

/** One named correction of one kind of mistake. Independent of all others except for the order in `rules.ts`. */
export interface RepairRule {
  readonly name: string;
  /** One sentence: the fault upstream, and how the rule repairs it. */
  readonly why: string;
  /** Corrects the document in place and returns a JSON Pointer for every correction. */
  readonly apply: (document: JsonObject, context: RepairContext) => string[];
}

/** Repairs one schema, in place. It returns true when it changed the schema. */
export type RepairSchema = (schema: JsonObject) => boolean;
