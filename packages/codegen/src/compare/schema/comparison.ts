import type { Json } from "../../json/json.ts";
import type { BeforeAfter } from "../before-after.ts";
import type { Kind } from "../kinds.ts";
import type { Fact, Spot } from "./fact.ts";
import type { Fingerprints } from "./fingerprint.ts";
import type { Node, SchemaSource } from "./node.ts";

/** What a comparison tells, and what it leaves to a comparison of its own. */
export interface Report {
  readonly fact: (fact: Fact) => void;
  /** Both sides are nothing but a reference to a shared schema. */
  readonly shared: (before: string, after: string, spot: Spot) => void;
}

export interface Comparison {
  readonly before: SchemaSource;
  readonly after: SchemaSource;
  /** For telling which form of a union is which. */
  readonly prints: BeforeAfter<Fingerprints>;
  readonly report: Report;
  /** Pairs of nodes that are being compared: a schema that holds itself ends here. */
  readonly open: Set<string>;
  /** `compareNodes`, for what is found inside of an object. */
  readonly compareNodes: (comparison: Comparison, nodes: BeforeAfter<Node>, spot: Spot) => void;
  /** How often each pair was compared. */
  readonly met: Map<string, number>;
}

export function tell(
  { report }: Comparison,
  kind: Kind,
  {
    spot,
    before,
    after,
  }: { readonly spot: Spot; readonly before?: Json | undefined; readonly after?: Json | undefined },
): void {
  report.fact({ kind, ...spot, before, after });
}
