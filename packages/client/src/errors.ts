/** Every code an error of this package can have. Stable: a change of one is a breaking change. */
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

/** The call an error belongs to. */
export interface CallContext {
  /** Module and method, e.g. `contacts.getContact`; `createClient` where it is about an option. */
  readonly operation?: string | undefined;
  /** HTTP method. */
  readonly method?: string | undefined;
  /** Path template, so that an error says no id: `/contacts/{contactId}`. */
  readonly path?: string | undefined;
  /** Scopes, one of which the token needs according to the operation's document; absent where it names none. */
  readonly scopes?: readonly string[] | undefined;
}

/** Members of an error. `cause` stays out of logs, as that of every `Error` does. */
export type ErrorDetails = CallContext | (CallContext & ErrorOptions & Readonly<Record<string, unknown>>);

/**
 * Base of all errors of this package. None holds a token or what the caller sent, so that each may be logged, and
 * `JSON.stringify` writes one. Errors of an `AccessTokenProvider` or a `RateLimiter` and the reason of an aborted
 * signal are passed on as they are.
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

  // a constant, and not the class's name: a minifier renames classes; `code` is what tells them apart
  override get name(): string {
    return "GhlError";
  }

  toJSON(): object {
    return { name: this.name, message: this.message, ...(this as object) };
  }
}

/** A code without the prefix that all of them have. */
export type ShortCode = GhlErrorCode extends `ERR_GHL_${infer Short}` ? Short : never;

/**
 * Makes an error by its code. The classes that are published recognise it by that code (see `error-classes.ts`), so that
 * an app carries only the classes that it names itself.
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
