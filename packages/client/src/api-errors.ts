import { excerpt } from "@ghl-edge/core";
import { type CallContext, GhlError, type GhlErrorCode } from "./errors.ts";
import { type RateLimitInfo, readRateLimit, readRetryAfterMs } from "./rate-limit-headers.ts";

/** What an answer says besides its content. Absent members were not in the answer. */
export interface AnswerDetails extends CallContext {
  readonly status: number;
  /**
   * What HighLevel says, from whichever of its error shapes; empty when it says nothing. At most 20, each cut to 500
   * characters: `body` has the whole.
   */
  readonly messages: readonly string[];
  /** HighLevel's trace id, which its support asks for. */
  readonly traceId?: string | undefined;
  /** `X-Request-Id` of the answer. */
  readonly requestId?: string | undefined;
  /** `Retry-After`, in milliseconds from the arrival of the answer. */
  readonly retryAfterMs?: number | undefined;
  readonly rateLimit: RateLimitInfo;
}

/**
 * HighLevel answered, and not with what was asked for. The classes below are by status; this one itself stands for a
 * status without a class (304, 409, 413 …). An attempt that was retried shows nowhere.
 */
export class ApiError extends GhlError implements AnswerDetails {
  override readonly code: GhlErrorCode = "ERR_GHL_API";
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
}

/** 400: malformed request, or a parameter HighLevel does not accept. */
export class BadRequestError extends ApiError {
  override readonly code = "ERR_GHL_BAD_REQUEST";
}

/**
 * 401: the token is invalid or expired, or is of the wrong kind, or lacks the scope. HighLevel uses 401 for all of
 * these; `messages` tells them apart. For a token that is good but not for this location, see `PermissionError`.
 */
export class AuthenticationError extends ApiError {
  override readonly code = "ERR_GHL_AUTHENTICATION";
}

/** 403: the token may not do this, or not for this location. */
export class PermissionError extends ApiError {
  override readonly code = "ERR_GHL_PERMISSION";
}

/** 404 */
export class NotFoundError extends ApiError {
  override readonly code = "ERR_GHL_NOT_FOUND";
}

/** 422: one message per field that HighLevel refuses. */
export class ValidationError extends ApiError {
  override readonly code = "ERR_GHL_VALIDATION";
}

/**
 * 429, after the retries. `rateLimit.scope` tells the ten-second limit from the day's, which is not retried.
 * `retryAfterMs` is there only if the answer named it.
 */
export class RateLimitError extends ApiError {
  override readonly code = "ERR_GHL_RATE_LIMIT";
}

/** 5xx, after the retries an idempotent call gets. What became of the request is unknown. */
export class ServerError extends ApiError {
  override readonly code = "ERR_GHL_SERVER";
}

/**
 * A 2xx that is not what the document promises: HTML or other text where JSON should be, or nothing at all on a GET.
 * The request was very likely executed.
 */
export class InvalidResponseError extends ApiError {
  override readonly code = "ERR_GHL_INVALID_RESPONSE";
}

/**
 * 3xx but 304, or a redirect that a browser does not show (`status` 0). It is not followed: a token goes to one host only, and a
 * POST would arrive as a GET. Not retried. A wrong `baseUrl` is the usual cause.
 *
 * @see https://fetch.spec.whatwg.org/#concept-filtered-response-opaque-redirect
 */
export class RedirectError extends ApiError {
  override readonly code = "ERR_GHL_REDIRECT";
}

/** Classes by status; 2xx, 3xx but 304, and 5xx stand under their hundred. */
const BY_STATUS: Readonly<Record<number, typeof ApiError>> = {
  200: InvalidResponseError,
  300: RedirectError,
  400: BadRequestError,
  401: AuthenticationError,
  403: PermissionError,
  404: NotFoundError,
  422: ValidationError,
  429: RateLimitError,
  500: ServerError,
};

/** Most messages of an answer that are kept; HighLevel's 422 has one per field. */
const MAX_MESSAGES = 20;
/** Most characters of an answer that is an error that are kept as `body`. */
const MAX_BODY_LENGTH = 60_000;

/** The texts among foreign values, bounded in number and length, so that an error fits into a log line. */
const textsOf = (values: unknown): string[] =>
  [values]
    .flat()
    .filter((value) => typeof value === "string")
    .slice(0, MAX_MESSAGES)
    .map((text) => excerpt(text));

/**
 * HighLevel's error shapes: v2 `{ message }` with a text or a list, v3 `{ error: { message } }`, OAuth
 * `{ error, error_description }`.
 * https://marketplace.gohighlevel.com/docs/ and the documents' error schemas, read 2026-08-30
 */
export function messagesOf(body: unknown): string[] {
  const { message, error, error_description } = Object(body);
  return textsOf(message ?? error?.message ?? error_description ?? error);
}

/** Makes the error for an answer that is not what the caller waits for. `text` must be free of tokens. */
export function errorOf(response: Response, text: string, context: CallContext, nowMs: () => number): ApiError {
  const { status, ok, headers } = response;
  let body: unknown = text.slice(0, MAX_BODY_LENGTH) || undefined;
  try {
    body = JSON.parse(body as string);
  } catch {
    // not JSON: the text itself is the body
  }
  // 304 leads nowhere else: https://www.rfc-editor.org/rfc/rfc9110#section-15.4.5
  const kind = ok ? 200 : status < 400 && status !== 304 ? 300 : Math.min(status, 500);
  const messages = kind < 304 ? [ok ? "no JSON" : "redirects are not followed"] : messagesOf(body);
  const details: Omit<AnswerDetails, keyof CallContext> = {
    status,
    messages,
    traceId: textsOf(Object(body).traceId)[0],
    requestId: textsOf(headers.get("x-request-id"))[0],
    retryAfterMs: readRetryAfterMs(headers, nowMs),
    rateLimit: readRateLimit(headers),
  };
  const message = [`${context.method} ${context.path} was answered ${status}`, ...messages].join(": ");
  return Object.defineProperty(new (BY_STATUS[kind] ?? ApiError)(message, context, details), "body", { value: body });
}
