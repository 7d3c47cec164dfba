// biome-ignore-all lint/complexity/noThisInStatic: `this` is the class that is asked, which may be a derived one
import type { AnswerDetails } from "./api-errors.ts";
import { type ErrorDetails, GhlError, type GhlErrorCode } from "./errors.ts";
import type { RateLimitInfo } from "./rate-limit-headers.ts";

/**
 * Base of the classes that are published. The core makes errors by code, without a class for each: sixteen classes would be a
 * part of every app. So `instanceof` asks for the code. A class that somebody derives from one of these has its own
 * instances only.
 */
abstract class PublishedError extends GhlError {
  /** The code that makes an error an instance of the class. */
  static readonly code: GhlErrorCode;

  constructor(message: string, details: ErrorDetails) {
    super(message, { code: new.target.code, ...details });
  }

  static override [Symbol.hasInstance](error: unknown): boolean {
    const hasCode = error instanceof GhlError && error.code === this.code;
    return (hasCode && Object.hasOwn(this, "code")) || super[Symbol.hasInstance](error);
  }
}

/**
 * An option of `createClient` or of a call cannot be right, the token provider gave no token, or a header cannot be sent.
 * Nothing was sent.
 */
export class ConfigurationError extends PublishedError {
  static override readonly code: GhlErrorCode = "ERR_GHL_CONFIGURATION";
  declare readonly code: "ERR_GHL_CONFIGURATION";
}

/** A parameter is missing or cannot be written into path, query or body. Nothing was sent. */
export class ParameterError extends PublishedError {
  static override readonly code: GhlErrorCode = "ERR_GHL_PARAMETER";
  declare readonly code: "ERR_GHL_PARAMETER";
  /** Wire name of the parameter, where it is one. */
  declare readonly parameter?: string;
}

/** Neither the parameters nor the handle name the tenant the operation needs. Nothing was sent. */
export class TenantRequiredError extends PublishedError {
  static override readonly code: GhlErrorCode = "ERR_GHL_TENANT_REQUIRED";
  declare readonly code: "ERR_GHL_TENANT_REQUIRED";
  /** Wire name of the field: `locationId`, `altId`, `companyId` … */
  declare readonly field: string;
}

/**
 * No answer, or only a part of one: no connection, no such host, a connection cut. What became of the request is
 * unknown. The message names the host and the reason; `cause` is the error of `fetch`. A call that took too long is a
 * `TimeoutError`.
 */
export class NetworkError extends PublishedError {
  static override readonly code: GhlErrorCode = "ERR_GHL_NETWORK";
  declare readonly code: "ERR_GHL_NETWORK";
}

/** `timeoutMs` or `deadlineMs` passed. What became of the request is unknown. */
export class TimeoutError extends PublishedError {
  static override readonly code: GhlErrorCode = "ERR_GHL_TIMEOUT";
  declare readonly code: "ERR_GHL_TIMEOUT";
  /** The limit that passed. */
  declare readonly timeoutMs: number;
}

/** The server sent the same page or cursor again, or a list that is none: going on would lose items or never end. */
export class PaginationError extends PublishedError {
  static override readonly code: GhlErrorCode = "ERR_GHL_PAGINATION";
  declare readonly code: "ERR_GHL_PAGINATION";
}

/**
 * HighLevel answered, and not with what was asked for. The classes below are by status; this one itself stands for a
 * status without a class (304, 409, 413 …). An attempt that was retried shows nowhere.
 */
export class ApiError extends PublishedError implements AnswerDetails {
  static override readonly code: GhlErrorCode = "ERR_GHL_API";
  declare readonly status: number;
  declare readonly messages: readonly string[];
  declare readonly traceId?: string;
  declare readonly requestId?: string;
  declare readonly retryAfterMs?: number;
  declare readonly rateLimit: RateLimitInfo;
  /**
   * The body, of which at most 60,000 characters are kept: parsed where it is JSON, else its text; `undefined` when empty.
   * Not enumerable, so that no log has it.
   */
  declare readonly body: unknown;

  static override [Symbol.hasInstance](error: unknown): boolean {
    const isAnswer = error instanceof GhlError && "status" in error;
    return (isAnswer && this === ApiError) || super[Symbol.hasInstance](error);
  }
}

/** 400: malformed request, or a parameter HighLevel does not accept. */
export class BadRequestError extends ApiError {
  static override readonly code: GhlErrorCode = "ERR_GHL_BAD_REQUEST";
  declare readonly code: "ERR_GHL_BAD_REQUEST";
}

/**
 * 401: the token is invalid or expired, or is of the wrong kind, or lacks the scope. HighLevel uses 401 for all of
 * these; `messages` tells them apart. For a token that is good but not for this location, see `PermissionError`.
 */
export class AuthenticationError extends ApiError {
  static override readonly code: GhlErrorCode = "ERR_GHL_AUTHENTICATION";
  declare readonly code: "ERR_GHL_AUTHENTICATION";
}

/** 403: the token may not do this, or not for this location. */
export class PermissionError extends ApiError {
  static override readonly code: GhlErrorCode = "ERR_GHL_PERMISSION";
  declare readonly code: "ERR_GHL_PERMISSION";
}

/** 404 */
export class NotFoundError extends ApiError {
  static override readonly code: GhlErrorCode = "ERR_GHL_NOT_FOUND";
  declare readonly code: "ERR_GHL_NOT_FOUND";
}

/** 422: one message per field that HighLevel refuses. */
export class ValidationError extends ApiError {
  static override readonly code: GhlErrorCode = "ERR_GHL_VALIDATION";
  declare readonly code: "ERR_GHL_VALIDATION";
}

/**
 * 429, after the retries. `rateLimit.scope` tells the ten-second limit from the day's, which is not retried.
 * `retryAfterMs` is there only if the answer named it.
 */
export class RateLimitError extends ApiError {
  static override readonly code: GhlErrorCode = "ERR_GHL_RATE_LIMIT";
  declare readonly code: "ERR_GHL_RATE_LIMIT";
  declare readonly rateLimit: RateLimitInfo & { readonly scope: "burst" | "daily" };
}

/** 5xx, after the retries an idempotent call gets. What became of the request is unknown. */
export class ServerError extends ApiError {
  static override readonly code: GhlErrorCode = "ERR_GHL_SERVER";
  declare readonly code: "ERR_GHL_SERVER";
}

/**
 * A 2xx that is not what the document promises: HTML or other text where JSON should be, or nothing at all on a GET.
 * The request was very likely executed.
 */
export class InvalidResponseError extends ApiError {
  static override readonly code: GhlErrorCode = "ERR_GHL_INVALID_RESPONSE";
  declare readonly code: "ERR_GHL_INVALID_RESPONSE";
}

/**
 * 3xx but 304, or a redirect that a browser does not show (`status` 0). It is not followed: a token goes to one host only, and a
 * POST would arrive as a GET. Not retried. A wrong `baseUrl` is the usual cause.
 *
 * @see https://fetch.spec.whatwg.org/#concept-filtered-response-opaque-redirect
 */
export class RedirectError extends ApiError {
  static override readonly code: GhlErrorCode = "ERR_GHL_REDIRECT";
  declare readonly code: "ERR_GHL_REDIRECT";
}
