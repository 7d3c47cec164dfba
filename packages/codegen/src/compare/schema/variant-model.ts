import type { Json } from "../../json/json.ts";
import type { Node } from "./node.ts";

export type TypeName = "any" | "null" | "boolean" | "integer" | "number" | "string" | "array" | "object";

export interface Property {
  readonly node: Node;
  /** The shared schema at whose top it is declared, where that is not the one being compared. */
  readonly home: string | undefined;
}

/** One variant of a value, with all its rules in one object. */
export interface Variant {
  readonly type: TypeName;
  /** Name of the shared schema that adds it to the union. It identifies the variant. */
  readonly label: string | undefined;
  readonly values: readonly Json[] | undefined;
  /** Bounds, formats, patterns, by keyword. */
  readonly rules: Readonly<Record<string, Json>>;
  /** Keywords that are compared as a whole. */
  readonly opaque: Readonly<Record<string, Json>>;
  readonly properties: ReadonlyMap<string, Property>;
  /** Required names and the shared schema that requires them. */
  readonly required: ReadonlyMap<string, string | undefined>;
  /** Schema of other properties. It is undefined when the document does not mention them. */
  readonly others: Node | false | undefined;
  readonly items: Node | undefined;
  readonly discriminator: Json | undefined;
}
