export { type Config, defineConfig } from "./commands/config/config.ts";
export type { ChangeClass } from "./compare/change-class.ts";
export type { GeneratedPackage } from "./compare/changeset/packages.ts";
export { type DiffOptions, diff } from "./compare/compare-files.ts";
export { type ClassBySide, KINDS as CHANGE_KINDS, type Kind } from "./compare/kinds.ts";
export type { DiffResult, Finding as DiffFinding, Reach, Side } from "./compare/model.ts";
export type { DocumentPair } from "./compare/pairs.ts";
export type { SpecDocument } from "./compare/read/document.ts";
export type { Prose } from "./compare/read/prose.ts";
export type { UnreadParts } from "./compare/read/unread.ts";
export {
  CodegenError,
  type ErrorLocation,
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
export { type DistilOptions, distil } from "./input/distil/distil.ts";
export { printDocument } from "./input/distil/print.ts";
export { type Observation, parseEvidence, type Sureness, type Traffic } from "./input/evidence/evidence.ts";
export { type EvidencedContradiction, findContradictions } from "./input/evidence/operations.ts";
export { printEvidence } from "./input/evidence/print.ts";
export {
  type Contradiction,
  type ContradictionKind,
  contradictions,
  type Direction,
  type Target,
} from "./input/evidence/shape/contradictions.ts";
export type { Slot } from "./input/evidence/shape/forms.ts";
export type { Kind as ValueKind } from "./input/evidence/shape/kind.ts";
export {
  type Shape,
  type ShapeOptions,
  type ShapePaths,
  shapeFromPaths,
  shapeOf,
} from "./input/evidence/shape/shape.ts";
export type { EvidenceByModule } from "./input/lint/evidence.ts";
export { LINT_CLASSES, lint, lintDocumentFiles } from "./input/lint/lint.ts";
export type { Finding } from "./input/lint/rule.ts";
export { type DocumentFiles, readDocumentFiles } from "./input/load/document-files.ts";
export { parseSource, type UpstreamDocument, type UpstreamDocuments } from "./input/load/documents.ts";
export type { Api } from "./input/load/modules.ts";
export { type OpenOptions, openSource } from "./input/load/source/open.ts";
export type { Origin, Source } from "./input/load/source/source.ts";
export { readOverlays } from "./input/overlay/files.ts";
export type { Overlay, OverlayAction } from "./input/overlay/overlay.ts";
export type { Step } from "./input/overlay/target.ts";
export { type LoadOptions, loadDocument } from "./input/sync/load-document.ts";
export { type Lock, type LockEntry, readLock } from "./input/sync/lock.ts";
export { type SyncInput, type SyncResult, sync } from "./input/sync/pipeline.ts";
export type { Json, JsonObject } from "./json/json.ts";
export type { Position } from "./json/pointer.ts";
export { type GenerateInput, type GenerateOptions, type GenerateResult, generate } from "./output/generate/generate.ts";
export type { RunResult } from "./output/generate/run.ts";
export type { Targets } from "./output/generate/targets.ts";
export { findScopes } from "./scopes/find.ts";
export type { ScopeQuery } from "./scopes/needs.ts";
export type { ScopeReport, Unknown } from "./scopes/report.ts";
