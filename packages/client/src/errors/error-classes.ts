// biome-ignore-all lint/complexity/noThisInStatic: `this` is the class that is asked, which may be a derived one
import type { AnswerDetails } from "./api-errors.ts";
import { type ErrorDetails, GhlError, type GhlErrorCode } from "./errors.ts";
import type { RateLimitInfo } from "./rate-limit-headers.ts";

/**
 * Base of the published classes. The client makes errors by code, without a class for each, because sixteen classes would be
 * a part of every app. `instanceof` therefore compares the code. A class derived from one of these recognises only its own
 * instances.
 */
abstract class PublishedError extends GhlError {
  /** Code of the errors that are instances of the class. */
  static readonly code: GhlErrorCode;

  constructor(message: string, details: ErrorDetails) {
    super(message, { code: new.target.code, ...details });
  }

  /** Returns whether an error has the code of this class, or was made by a class derived from it. */
  static override [Symbol.hasInstance](error: unknown): boolean {
    const hasCode = error instanceof GhlError && error.code === this.code;
    return (hasCode && Object.hasOwn(this, "code")) || super[Symbol.hasInstance](error);
  }
}

/**
 * An option of `createClient` or of a call is invalid, the token provider returned no token, or a header cannot be sent.
 * Nothing was sent.
 */
export class ConfigurationError extends PublishedError {
  static override readonly code: GhlErrorCode = "ERR_GHL_CONFIGURATION";
  declare readonly code: "ERR_GHL_CONFIGURATION";
}

/** A parameter is missing, or it cannot be written into path, query or body. Nothing was sent. */
export class ParameterError extends PublishedError {
  static override readonly code: GhlErrorCode = "ERR_GHL_PARAMETER";
  declare readonly code: "ERR_GHL_PARAMETER";
  /** Wire name of the parameter, if the error is about one. */
  declare readonly parameter?: string;
}

/** Neither the parameters nor the handle name the tenant that the operation needs. Nothing was sent. */
export class TenantRequiredError extends PublishedError {
  static override readonly code: GhlErrorCode = "ERR_GHL_TENANT_REQUIRED";
  declare readonly code: "ERR_GHL_TENANT_REQUIRED";
  /** Wire name of the field: `locationId`, `altId`, `companyId` … */
  declare readonly field: string;
}

/**
 * No complete answer arrived: there was no connection, no such host, or the connection broke. HighLevel may or may not have
 * executed the request. The message names the host and the reason; `cause` is the error of `fetch`. A call that takes too
 * long is a `TimeoutError`.
 */
export class NetworkError extends PublishedError {
  static override readonly code: GhlErrorCode = "ERR_GHL_NETWORK";
  declare readonly code: "ERR_GHL_NETWORK";
}

/** `timeoutMs` or `deadlineMs` passed. HighLevel may or may not have executed the request. */
export class TimeoutError extends PublishedError {
  static override readonly code: GhlErrorCode = "ERR_GHL_TIMEOUT";
  declare readonly code: "ERR_GHL_TIMEOUT";
  /** Limit that passed, in milliseconds. */
  declare readonly timeoutMs: number;
}

/** The server sent the same page or cursor again, or an answer without a list. To continue would lose items or never end. */
export class PaginationError extends PublishedError {
  static override readonly code: GhlErrorCode = "ERR_GHL_PAGINATION";
  declare readonly code: "ERR_GHL_PAGINATION";
}

/**
 * HighLevel answered with an error. Each subclass stands for a status or a range. This class itself stands for every other
 * status, such as 304, 409 and 413. After retries the error describes the last answer only.
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
   * Body of the answer: parsed if it is JSON, else its text; `undefined` when empty. At most 60,000 characters are kept.
   * It is not enumerable, so that no log has it.
   */
  declare readonly body: unknown;

  /** Returns whether an error is about an answer of HighLevel, or has the code of this class. */
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
 * 401: the token is invalid, expired or of the wrong type, or it lacks the scope. HighLevel uses 401 for all of these;
 * `messages` distinguishes them. A valid token for another location is a `PermissionError`.
 */
export class AuthenticationError extends ApiError {
  static override readonly code: GhlErrorCode = "ERR_GHL_AUTHENTICATION";
  declare readonly code: "ERR_GHL_AUTHENTICATION";
}

/** 403: the token is not allowed to do this, or not for this location. */
export class PermissionError extends ApiError {
  static override readonly code: GhlErrorCode = "ERR_GHL_PERMISSION";
  declare readonly code: "ERR_GHL_PERMISSION";
}

/** 404: HighLevel does not know the object or the path. */
export class NotFoundError extends ApiError {
  static override readonly code: GhlErrorCode = "ERR_GHL_NOT_FOUND";
  declare readonly code: "ERR_GHL_NOT_FOUND";
}

/** 422: HighLevel refuses fields. `messages` has one entry per field. */
export class ValidationError extends ApiError {
  static override readonly code: GhlErrorCode = "ERR_GHL_VALIDATION";
  declare readonly code: "ERR_GHL_VALIDATION";
}

/**
 * 429, after the retries. `rateLimit.scope` distinguishes the ten-second limit from the daily limit, which is not retried.
 * `retryAfterMs` is present only if the answer had `Retry-After`.
 */
export class RateLimitError extends ApiError {
  static override readonly code: GhlErrorCode = "ERR_GHL_RATE_LIMIT";
  declare readonly code: "ERR_GHL_RATE_LIMIT";
  declare readonly rateLimit: RateLimitInfo & { readonly scope: "burst" | "daily" };
}

/** 5xx, after the retries of an idempotent call. HighLevel may or may not have executed the request. */
export class ServerError extends ApiError {
  static override readonly code: GhlErrorCode = "ERR_GHL_SERVER";
  declare readonly code: "ERR_GHL_SERVER";
}

/**
 * 2xx that differs from the document: HTML or other text instead of JSON, or no content on a GET. HighLevel very likely
 * executed the request.
 */
export class InvalidResponseError extends ApiError {
  static override readonly code: GhlErrorCode = "ERR_GHL_INVALID_RESPONSE";
  declare readonly code: "ERR_GHL_INVALID_RESPONSE";
}

/**
 * 3xx except 304, or a redirect that a browser hides (`status` 0). The client does not follow it: a token goes to one host
 * only, and a POST would arrive as a GET. It is not retried. A wrong `baseUrl` is the usual cause.
 *
 * @see https://fetch.spec.whatwg.org/#concept-filtered-response-opaque-redirect
 */
export class RedirectError extends ApiError {
  static override readonly code: GhlErrorCode = "ERR_GHL_REDIRECT";
  declare readonly code: "ERR_GHL_REDIRECT";
}
