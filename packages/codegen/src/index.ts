export { type Config, defineConfig, type Targets } from "./config/config.ts";
export type { ChangeClass } from "./diff/change-class.ts";
export { type DiffOptions, diff } from "./diff/compare-files.ts";
export type { Kind } from "./diff/kinds.ts";
export type { DiffResult, Finding as DiffFinding, Reach, Side } from "./diff/model.ts";
export { type DistilOptions, distil } from "./distil/distil.ts";
export { printDocument } from "./distil/print.ts";
export {
  CodegenError,
  errorToJson,
  formatError,
  InvalidConfigError,
  InvalidEvidenceError,
  InvalidFieldsError,
  InvalidOverlayError,
  NameClashError,
  NetworkError,
  NotOpenApiError,
  NotParsableError,
  OverlayNoEffectError,
  OverlayTargetError,
  UnreadableFileError,
  UnresolvedReferenceError,
  type Unsupported,
  UnsupportedError,
  UsageError,
  WriteError,
} from "./errors.ts";
export {
  type Contradiction,
  type ContradictionKind,
  contradictions,
  type Direction,
  type Target,
} from "./evidence/contradictions.ts";
export { type Observation, parseEvidence, type Sureness, type Traffic } from "./evidence/evidence.ts";
export type { Slot } from "./evidence/forms.ts";
export type { Kind as ValueKind } from "./evidence/kind.ts";
export { type EvidencedContradiction, findContradictions } from "./evidence/operations.ts";
export { printEvidence } from "./evidence/print.ts";
export { type Shape, type ShapeOptions, type ShapePaths, shapeFromPaths, shapeOf } from "./evidence/shape.ts";
export { type GenerateInput, type GenerateOptions, type GenerateResult, generate } from "./generate/generate.ts";
export type { RunResult } from "./generate/run.ts";
export type { Json, JsonObject } from "./json.ts";
export { LINT_CLASSES, lint, lintDocumentFiles } from "./lint/lint.ts";
export type { Finding } from "./lint/rule.ts";
export { type DocumentFiles, readDocumentFiles } from "./load/document-files.ts";
export { parseSource, type UpstreamDocument, type UpstreamDocuments } from "./load/documents.ts";
export type { Api } from "./load/modules.ts";
export { type OpenOptions, openSource } from "./load/open.ts";
export type { Origin, Source } from "./load/source.ts";
export { readOverlays } from "./overlay/files.ts";
export type { Overlay, OverlayAction } from "./overlay/overlay.ts";
export { findScopes } from "./scopes/find.ts";
export type { Wanted } from "./scopes/needs.ts";
export type { ScopeReport, Unknown } from "./scopes/report.ts";
export { type LoadOptions, loadDocument } from "./sync/load-document.ts";
export { type Lock, type LockEntry, readLock } from "./sync/lock.ts";
export { type SyncInput, type SyncResult, sync } from "./sync/pipeline.ts";
