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

/**
 * Base of all errors of this package. None holds a token or what the caller sent, so that each may be logged, and
 * `JSON.stringify` writes one. Errors of an `AccessTokenProvider` or a `RateLimiter` and the reason of an aborted
 * signal are passed on as they are.
 */
export abstract class GhlError extends Error implements CallContext {
  abstract readonly code: GhlErrorCode;
  declare readonly operation?: string;
  declare readonly method?: string;
  declare readonly path?: string;
  declare readonly scopes?: readonly string[];

  /** @param details members of the error besides its context; `cause` stays out of logs, as that of every `Error` does */
  constructor(message: string, context: CallContext, details?: ErrorOptions & Readonly<Record<string, unknown>>) {
    super(`${context.operation}: ${message}`, details);
    Object.assign(this, context, details);
  }

  // a constant, and not the class's name: a minifier renames classes; `code` is what tells them apart
  override get name(): string {
    return "GhlError";
  }

  toJSON(): object {
    return { name: this.name, message: this.message, ...(this as object) };
  }
}

/**
 * An option of `createClient` or of a call cannot be right, the token provider gave no token, or a header cannot be sent.
 * Nothing was sent.
 */
export class ConfigurationError extends GhlError {
  override readonly code = "ERR_GHL_CONFIGURATION";
}

/** A parameter is missing or cannot be written into path, query or body. Nothing was sent. */
export class ParameterError extends GhlError {
  override readonly code = "ERR_GHL_PARAMETER";
  /** Wire name of the parameter, where it is one. */
  declare readonly parameter?: string;
}

/** Neither the parameters nor the handle name the tenant the operation needs. Nothing was sent. */
export class TenantRequiredError extends GhlError {
  override readonly code = "ERR_GHL_TENANT_REQUIRED";
  /** Wire name of the field: `locationId`, `altId`, `companyId` … */
  declare readonly field: string;
}

/**
 * No answer, or only a part of one: no connection, no such host, a connection cut. What became of the request is
 * unknown. The message names the host and the reason; `cause` is the error of `fetch`. A call that took too long is a
 * `TimeoutError`.
 */
export class NetworkError extends GhlError {
  override readonly code = "ERR_GHL_NETWORK";
}

/** `timeoutMs` or `deadlineMs` passed. What became of the request is unknown. */
export class TimeoutError extends GhlError {
  override readonly code = "ERR_GHL_TIMEOUT";
  /** The limit that passed. */
  declare readonly timeoutMs: number;
}

/** The server sent the same page or cursor again, or a list that is none: going on would lose items or never end. */
export class PaginationError extends GhlError {
  override readonly code = "ERR_GHL_PAGINATION";
}
