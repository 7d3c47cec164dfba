import type { JsonObject } from "../../json/json.ts";

/** What a rule may look at besides the document. */
export interface RepairContext {
  /** The document is not HighLevel's: what HighLevel means by a mistake is not what its author means. Default false. */
  readonly foreign?: boolean;
  /** Path of the document inside its source, with `/`. */
  readonly file: string;
  /** Every parsed file of the source by path: where references into other files lead. */
  readonly files: ReadonlyMap<string, JsonObject>;
}

/** One named correction of one kind of mistake. Independent of all others except for the order in `rules.ts`. */
export interface RepairRule {
  readonly name: string;
  /** What is wrong upstream and what is done about it, in one sentence. */
  readonly why: string;
  /** Corrects the document in place and returns a JSON Pointer for every correction. */
  readonly apply: (document: JsonObject, context: RepairContext) => string[];
}

/** A rule that looks at one schema at a time: `mend` returns true when it changed the schema. */
export type Mend = (schema: JsonObject) => boolean;
