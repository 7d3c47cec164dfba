export { type DistilOptions, distil } from "./distil/distil.ts";
export { printDocument } from "./distil/print.ts";
export {
  CodegenError,
  errorToJson,
  formatError,
  InvalidOverlayError,
  NameClashError,
  NetworkError,
  NotOpenApiError,
  NotParsableError,
  OverlayNoEffectError,
  OverlayTargetError,
  UnreadableFileError,
  UnresolvedReferenceError,
  UsageError,
  WriteError,
} from "./errors.ts";
export { type GenerateInput, type GenerateOptions, generate } from "./generate/generate.ts";
export type { RunResult } from "./generate/run.ts";
export type { Json, JsonObject } from "./json.ts";
export { loadDocument } from "./load/document.ts";
export { findScopes } from "./scopes/find.ts";
export type { Wanted } from "./scopes/needs.ts";
export type { ScopeReport, Unknown } from "./scopes/report.ts";
