import type { ChangeClass } from "./change-class.ts";

/** Class of a change on the request side and on the response side. */
export type ClassBySide = readonly [request: ChangeClass, response: ChangeClass];

const BREAKS: ClassBySide = ["breaking", "breaking"];
const ADDS: ClassBySide = ["additive", "additive"];
const NOTES: ClassBySide = ["metadata", "metadata"];
/** More values are possible than before: what was sent is still taken, but what is answered may be new. */
const WIDER: ClassBySide = ["additive", "breaking"];
/** Fewer values are possible than before. */
const NARROWER: ClassBySide = ["breaking", "additive"];

/**
 * Lists every kind of change and its class, by the side that changed. One rule gives nearly all of them: a request breaks
 * when the API accepts less than before, a response when it may contain more than before. The exception is a new field of
 * an answer, because JSON readers ignore fields that they do not know.
 */
export const KINDS = {
  "operation-added": ADDS,
  "operation-removed": BREAKS,
  "operation-moved": BREAKS,
  "module-changed": NOTES,
  "operation-id-changed": NOTES,
  "method-name-changed": NOTES,
  "path-parameter-renamed": NOTES,
  "security-changed": NOTES,
  "scopes-changed": NOTES,
  "tokens-changed": NOTES,
  "version-changed": NOTES,
  "pagination-changed": NOTES,
  "server-changed": NOTES,
  "security-scheme-changed": NOTES,
  "event-changed": NOTES,
  deprecated: NOTES,
  "no-longer-deprecated": NOTES,
  "discriminator-changed": NOTES,
  "parameter-added": ADDS,
  "parameter-added-required": BREAKS,
  "parameter-removed": BREAKS,
  "parameter-moved": BREAKS,
  "parameter-now-required": BREAKS,
  "parameter-now-optional": ADDS,
  "parameter-encoding-changed": BREAKS,
  "body-added": ADDS,
  "body-added-required": BREAKS,
  "body-removed": BREAKS,
  "body-now-required": BREAKS,
  "body-now-optional": ADDS,
  "media-type-added": ADDS,
  "media-type-removed": BREAKS,
  "media-encoding-changed": BREAKS,
  "response-added": ADDS,
  "response-removed": BREAKS,
  "error-response-removed": ADDS,
  "response-status-changed": BREAKS,
  "response-header-added": ADDS,
  "response-header-removed": BREAKS,
  "response-header-now-required": NARROWER,
  "response-header-now-optional": WIDER,
  "property-added": ADDS,
  "property-added-required": NARROWER,
  "property-removed": BREAKS,
  "property-now-required": NARROWER,
  "property-now-optional": WIDER,
  "type-changed": BREAKS,
  "type-widened": WIDER,
  "type-narrowed": NARROWER,
  "now-nullable": WIDER,
  "no-longer-nullable": NARROWER,
  "enum-values-added": WIDER,
  "enum-values-removed": NARROWER,
  "enum-introduced": NARROWER,
  "enum-dropped": WIDER,
  "variant-added": WIDER,
  "variant-removed": NARROWER,
  "constraint-tightened": NARROWER,
  "constraint-loosened": WIDER,
  "constraint-changed": BREAKS,
  "other-properties-forbidden": NARROWER,
  "other-properties-allowed": ADDS,
  "now-read-only": NARROWER,
  "no-longer-read-only": ADDS,
  "now-write-only": ["additive", "breaking"],
  "no-longer-write-only": ADDS,
  "default-added": ["additive", "metadata"],
  "default-changed": ["breaking", "metadata"],
  "default-removed": ["breaking", "metadata"],
  "schema-changed": BREAKS,
  "docs-changed": ["docs", "docs"],
} as const satisfies Readonly<Record<string, ClassBySide>>;

/** Kind of a change: a key of the table of all kinds. */
export type Kind = keyof typeof KINDS;

export function classOf(kind: Kind, side: "request" | "response"): ChangeClass {
  return KINDS[kind][side === "request" ? 0 : 1];
}
