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
export type { Json, JsonObject } from "./json.ts";
export { loadDocument } from "./load/document.ts";
