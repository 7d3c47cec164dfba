import type { ChangeClass } from "../../../src/compare/change-class.ts";
import type { Kind } from "../../../src/compare/kinds.ts";
import type { JsonObject } from "../../../src/json/json.ts";

export interface Case {
  readonly name: string;
  readonly change: (document: JsonObject) => void;
  /** Expected class and kind, from the base to the changed document. */
  readonly there: readonly [ChangeClass, Kind];
  /** The other way round. */
  readonly back: readonly [ChangeClass, Kind];
  /** `schema + path`, or the path in the operation; of the way there. */
  readonly at: string;
}

/** Name, position, class and kind there, class and kind back, and the one change. */
export type RowText = readonly [
  name: string,
  at: string,
  there: string,
  back: string,
  change: (document: JsonObject) => void,
];

export const B = "breaking";
export const A = "additive";
export const M = "metadata";
