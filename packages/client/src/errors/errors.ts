/** Codes of this package's errors. They are stable: changing one is a breaking change. */
export type GhlErrorCode =
  | "ERR_GHL_CONFIGURATION"
  | "ERR_GHL_PARAMETER"
  | "ERR_GHL_TENANT_REQUIRED"
  | "ERR_GHL_NETWORK"
  | "ERR_GHL_TIMEOUT"
  | "ERR_GHL_INVALID_RESPONSE"
  | "ERR_GHL_PAGINATION"
  | "ERR_GHL_API"
  | "ERR_GHL_REDIRECT"
  | "ERR_GHL_BAD_REQUEST"
  | "ERR_GHL_AUTHENTICATION"
  | "ERR_GHL_PERMISSION"
  | "ERR_GHL_NOT_FOUND"
  | "ERR_GHL_VALIDATION"
  | "ERR_GHL_RATE_LIMIT"
  | "ERR_GHL_SERVER";

/** Call that an error belongs to. */
export interface CallContext {
  /** Module and method, for example `contacts.getContact`; `createClient` if the error is about an option. */
  readonly operation?: string | undefined;
  /** HTTP method. */
  readonly method?: string | undefined;
  /** Path template, so that an error contains no id: `/contacts/{contactId}`. */
  readonly path?: string | undefined;
  /** Scopes of the operation's document, of which the token needs one. Absent if the document names none. */
  readonly scopes?: readonly string[] | undefined;
}

/** Members of an error. `cause` stays out of logs, as that of every `Error` does. */
export type ErrorDetails = CallContext | (CallContext & ErrorOptions & Readonly<Record<string, unknown>>);

/**
 * Base of all errors of this package. No error holds a token or the caller's data, so that each may be logged.
 * `JSON.stringify` writes one completely. Errors of an `AccessTokenProvider` or a `RateLimiter`, and the reason of an aborted
 * signal, are passed on unchanged.
 */
export class GhlError extends Error implements CallContext {
  declare readonly code: GhlErrorCode;
  declare readonly operation?: string;
  declare readonly method?: string;
  declare readonly path?: string;
  declare readonly scopes?: readonly string[];

  constructor(message: string, details: ErrorDetails) {
    super(`${details.operation}: ${message}`, details as ErrorOptions);
    Object.assign(this, details);
  }

  // It is a constant because a minifier renames classes. `code` distinguishes the cases.
  override get name(): string {
    return "GhlError";
  }

  /**
   * Returns the members of the error for `JSON.stringify`, without `cause` and without the body of an answer.
   *
   * @returns A plain object
   */
  toJSON(): object {
    return { name: this.name, message: this.message, ...(this as object) };
  }
}

/** A code without the prefix that all of them have. */
export type ShortCode = GhlErrorCode extends `ERR_GHL_${infer Short}` ? Short : never;

/**
 * Makes an error by its code. The published classes recognise it by that code (see `error-classes.ts`), so that an app
 * carries only the classes that it names itself.
 */
export function makeError(code: ShortCode, message: string, details: ErrorDetails): GhlError {
  return new GhlError(message, { code: `ERR_GHL_${code}`, ...details });
}

/** Returns an error of this package as it is; for any other cause an error with that code. */
export function orMakeError(
  code: ShortCode,
  message: string,
  details: CallContext & { readonly cause: unknown },
): GhlError {
  return details.cause instanceof GhlError ? details.cause : makeError(code, message, details);
}
