import type { Json } from "../../json/json.ts";
import type { BeforeAfter } from "../before-after.ts";
import type { Kind } from "../kinds.ts";
import type { Change, Position } from "./change.ts";
import type { Fingerprints } from "./fingerprint.ts";
import type { Node, SchemaSource } from "./node.ts";

/** Receives the changes of a comparison, and the shared schemas that are compared separately. */
export interface Report {
  readonly change: (change: Change) => void;
  /** Both sides are nothing but a reference to a shared schema. */
  readonly shared: (before: string, after: string, position: Position) => void;
}

export interface Comparison {
  readonly before: SchemaSource;
  readonly after: SchemaSource;
  /** Fingerprints that pair the variants of a union. */
  readonly prints: BeforeAfter<Fingerprints>;
  readonly report: Report;
  /** Pairs of nodes that are being compared: a schema that holds itself ends here. */
  readonly open: Set<string>;
  /** The function `compareNodes`, which compares the members of an object. */
  readonly compareNodes: (comparison: Comparison, nodes: BeforeAfter<Node>, position: Position) => void;
  /** Number of comparisons of each pair. */
  readonly met: Map<string, number>;
}

export function reportChange(
  { report }: Comparison,
  kind: Kind,
  {
    position,
    before,
    after,
  }: { readonly position: Position; readonly before?: Json | undefined; readonly after?: Json | undefined },
): void {
  report.change({ kind, ...position, before, after });
}
