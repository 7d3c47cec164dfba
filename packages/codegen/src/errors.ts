/** Location of an error: a file as the user named it (or its path inside the source), and a JSON Pointer in it. */
export interface ErrorLocation {
  readonly file?: string | undefined;
  readonly pointer?: string | undefined;
}

/** Base of every error this package throws on purpose. `code` is stable; the message is not. */
export abstract class CodegenError extends Error {
  abstract readonly code: string;
  readonly file: string | undefined;
  readonly pointer: string | undefined;

  constructor(message: string, position: ErrorLocation = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.file = position.file;
    this.pointer = position.pointer;
  }
}

/** A file or folder cannot be read, or holds none of the documents asked for. */
export class UnreadableFileError extends CodegenError {
  readonly code: "ERR_GHL_CODEGEN_UNREADABLE" = "ERR_GHL_CODEGEN_UNREADABLE";
}

/** A file is neither JSON nor YAML. */
export class NotParsableError extends CodegenError {
  readonly code: "ERR_GHL_CODEGEN_NOT_PARSABLE" = "ERR_GHL_CODEGEN_NOT_PARSABLE";
}

/** A file parses, but is not an OpenAPI 3.x document. */
export class NotOpenApiError extends CodegenError {
  readonly code: "ERR_GHL_CODEGEN_NOT_OPENAPI" = "ERR_GHL_CODEGEN_NOT_OPENAPI";
}

/** A `$ref` points nowhere and no repair rule covers it. */
export class UnresolvedReferenceError extends CodegenError {
  readonly code: "ERR_GHL_CODEGEN_UNRESOLVED_REF" = "ERR_GHL_CODEGEN_UNRESOLVED_REF";
}

/** A part of a document that generated code cannot serve. */
export interface Unsupported {
  readonly pointer: string;
  readonly message: string;
}

/** A document uses what generated code could not do, so that it would silently do something else. Nothing was written. */
export class UnsupportedError extends CodegenError {
  readonly code: "ERR_GHL_CODEGEN_UNSUPPORTED" = "ERR_GHL_CODEGEN_UNSUPPORTED";
  /** Every finding; `pointer` and the message are those of the first. */
  readonly positions: readonly Unsupported[];

  constructor(positions: readonly Unsupported[], file: string) {
    const [first, ...rest] = positions;
    const more = rest.map(({ pointer, message }) => `\n  ${pointer}\n  ${message}`).join("");
    super(`${first?.message}${more}`, { file, pointer: first?.pointer });
    this.positions = positions;
  }
}

/** Two things that need names of their own have the same one. */
export class NameClashError extends CodegenError {
  readonly code: "ERR_GHL_CODEGEN_NAME_CLASH" = "ERR_GHL_CODEGEN_NAME_CLASH";
}

/** A file of evidence is not in the format of docs/design/evidence.md. */
export class InvalidEvidenceError extends CodegenError {
  readonly code: "ERR_GHL_CODEGEN_EVIDENCE_INVALID" = "ERR_GHL_CODEGEN_EVIDENCE_INVALID";
}

/** An overlay file is not an OpenAPI Overlay 1.0 document, or uses what we do not support. */
export class InvalidOverlayError extends CodegenError {
  readonly code: "ERR_GHL_CODEGEN_OVERLAY_INVALID" = "ERR_GHL_CODEGEN_OVERLAY_INVALID";
}

/** The target of an overlay action is gone, or is no longer what the action was written against. */
export class OverlayTargetError extends CodegenError {
  readonly code: "ERR_GHL_CODEGEN_OVERLAY_TARGET" = "ERR_GHL_CODEGEN_OVERLAY_TARGET";
}

/** An overlay action changes nothing: upstream is already right, the action must go. */
export class OverlayNoEffectError extends CodegenError {
  readonly code: "ERR_GHL_CODEGEN_OVERLAY_NO_EFFECT" = "ERR_GHL_CODEGEN_OVERLAY_NO_EFFECT";
}

/** A `fields.yaml` is not a mapping of field names to sentences. */
export class InvalidFieldsError extends CodegenError {
  readonly code: "ERR_GHL_CODEGEN_FIELDS_INVALID" = "ERR_GHL_CODEGEN_FIELDS_INVALID";
}

/** A document could not be fetched. */
export class NetworkError extends CodegenError {
  readonly code: "ERR_GHL_CODEGEN_NETWORK" = "ERR_GHL_CODEGEN_NETWORK";
}

/** Files could not be written. */
export class WriteError extends CodegenError {
  readonly code: "ERR_GHL_CODEGEN_WRITE" = "ERR_GHL_CODEGEN_WRITE";
}

/** The configuration file cannot be loaded, or holds what it must not. */
export class InvalidConfigError extends CodegenError {
  readonly code: "ERR_GHL_CODEGEN_CONFIG" = "ERR_GHL_CODEGEN_CONFIG";
}

/** The call is wrong: an unknown command, flag, operation, module or event, or a missing value. */
export class UsageError extends CodegenError {
  readonly code: "ERR_GHL_CODEGEN_USAGE" = "ERR_GHL_CODEGEN_USAGE";
}

/**
 * Prints an error: `code file pointer` on the first line, the message on the second.
 *
 * @param error - An error of this package
 * @returns The text, without a final newline
 * @example
 * ```ts
 * import { CodegenError, formatError, loadDocument } from "@ghl-edge/codegen";
 *
 * try {
 *   await loadDocument("petstore.yaml");
 * } catch (error) {
 *   if (error instanceof CodegenError) console.error(formatError(error));
 * }
 * ```
 */
export function formatError(error: CodegenError): string {
  const position = [error.file, error.pointer].filter((part) => part !== undefined).join(" ");
  return position === "" ? `${error.code}: ${error.message}` : `${error.code} ${position}\n  ${error.message}`;
}

/**
 * Returns an error as one JSON value, as `--json` prints it.
 *
 * @param error - An error of this package
 * @returns `code` and `message`, with `file`, `pointer` and `positions` where the error has them
 * @example
 * ```ts
 * import { CodegenError, errorToJson, loadDocument } from "@ghl-edge/codegen";
 *
 * try {
 *   await loadDocument("petstore.yaml");
 * } catch (error) {
 *   if (error instanceof CodegenError) console.log(JSON.stringify(errorToJson(error)));
 * }
 * ```
 */
export function errorToJson(error: CodegenError): { error: Record<string, string | readonly Unsupported[]> } {
  const { code, message, file, pointer } = error;
  return {
    error: {
      code,
      message,
      ...(file === undefined ? {} : { file }),
      ...(pointer === undefined ? {} : { pointer }),
      ...(error instanceof UnsupportedError ? { positions: error.positions } : {}),
    },
  };
}
