import type { Json } from "../json/json.ts";
import type { ChangeClass } from "./change-class.ts";
import type { Kind } from "./kinds.ts";
import type { DocumentPair } from "./pairs.ts";

/** Direction in which the changed value travels. */
export type Side = "request" | "response";

/** An operation, or a webhook event, that a change reaches. */
export interface Reach {
  /** `v3/contacts` */
  readonly document: string;
  /** `POST /contacts/`; `EVENT ContactCreate`. */
  readonly operation: string;
  readonly operationId: string | undefined;
  /** Name in the client: `contacts.createContact`, or the name of an event. */
  readonly call: string;
  /** Undefined for a change of the operation itself. */
  readonly side: Side | undefined;
  /** Path of the change in this operation: `query limit`, `body.items[].price`, `200.contact.email`. */
  readonly path: string;
}

/** One change, however many operations it reaches. */
export interface Finding {
  readonly kind: Kind;
  /** The worst of what it is on the sides it reaches. */
  readonly class: ChangeClass;
  readonly request: ChangeClass | undefined;
  readonly response: ChangeClass | undefined;
  /** `v3/contacts`; several where a shared schema changed alike in each. */
  readonly documents: readonly string[];
  /** The shared schema that changed; undefined when the change stands in one operation. */
  readonly schema: string | undefined;
  /** Relative to the schema, else to the operation. */
  readonly path: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
  readonly reaches: readonly Reach[];
}

/** Result of a comparison of two sets of documents. */
export interface DiffResult {
  /** Worst first, then by document, operation and path. The same input gives the same order. */
  readonly findings: readonly Finding[];
  readonly counts: Readonly<Record<ChangeClass, number>>;
  /** Documents that stand on one side only. */
  readonly documents: { readonly added: readonly string[]; readonly removed: readonly string[] };
  readonly pairs: readonly DocumentPair[];
  /** Parts of the documents that were not compared and may differ: `shop: additionalOperations: COPY /orders`. */
  readonly notCompared: readonly string[];
}

export const CLASSES: readonly ChangeClass[] = ["breaking", "additive", "metadata", "docs"];

export function worst(classes: readonly (ChangeClass | undefined)[]): ChangeClass {
  return CLASSES.find((name) => classes.includes(name)) ?? "docs";
}
