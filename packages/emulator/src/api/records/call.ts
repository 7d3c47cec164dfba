import type { Refusal } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import type { RecordStore, StoredRecord } from "./store.ts";

export type Fields = Readonly<Record<string, unknown>>;

/** One request, as the records see it. */
export interface RecordCall {
  readonly store: RecordStore;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** `{}` where the request has no JSON object for a body. */
  readonly body: Fields;
  /** Body, where it is a list. */
  readonly list: readonly unknown[] | undefined;
  /** Location of the token, or that the request names. */
  readonly locationId: string | undefined;
  readonly nowMs: number;
  readonly random: Random;
  /** Names that the document gives the members of the answer. */
  readonly documented: ReadonlySet<string>;
  /** Whether ids nobody has created are refused. */
  readonly strict: boolean;
}

/** An answer's body; a refusal; undefined: the answer is made from the schema. */
export type RecordAnswer = { readonly body: unknown } | { readonly refused: Refusal } | undefined;

export type Behaviour = (call: RecordCall) => RecordAnswer;

/** Behaviours, keyed by operationId. */
export type Behaviours = Readonly<Record<string, Behaviour>>;

export interface Collection {
  readonly name: string;
  /** Name of the member that holds the id in an answer. */
  readonly idKey: "id" | "_id";
  /** Path parameter with the id. */
  readonly idParam: string;
  /** Path parameter with the id of the record it belongs to. */
  readonly parentParam?: string;
  /** Member of the answer the record is in; absent: the answer is the record. */
  readonly wrap?: string;
  /** Names of the times of creation and change, ISO 8601. */
  readonly stamps: readonly [created: string, updated: string];
  /** Selects the fields that the API shows. Default: all that were sent. */
  readonly show?: (body: Fields, call: RecordCall) => Fields;
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

export function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function shown(collection: Collection, record: StoredRecord): unknown {
  return collection.wrap === undefined ? record.data : { [collection.wrap]: record.data };
}
