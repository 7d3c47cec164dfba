/** Every code of an error or a response of this package. Codes are stable: changing one is a breaking change. */
export type MarketplaceErrorCode =
  | "ERR_GHL_MARKETPLACE_CONFIGURATION"
  | AnswerCode
  | "ERR_GHL_MARKETPLACE_NETWORK"
  | "ERR_GHL_MARKETPLACE_TIMEOUT"
  | "ERR_GHL_MARKETPLACE_METHOD_NOT_ALLOWED"
  | "ERR_GHL_MARKETPLACE_BODY_TOO_LARGE"
  | "ERR_GHL_MARKETPLACE_BODY_UNREADABLE"
  | "ERR_GHL_MARKETPLACE_HANDLER_FAILED"
  | "ERR_GHL_BILLING_REDIRECT"
  | "ERR_GHL_EXTERNAL_AUTH_REQUEST"
  | "ERR_GHL_EXTERNAL_AUTH_REJECTED"
  | "ERR_GHL_USER_CONTEXT_INVALID"
  | "ERR_GHL_USER_CONTEXT_UNAVAILABLE"
  | "ERR_GHL_PAYMENT_QUERY"
  | "ERR_GHL_PAYMENT_QUERY_API_KEY"
  | "ERR_GHL_PAYMENT_QUERY_UNSUPPORTED"
  | "ERR_GHL_PAYMENT_REPLY"
  | "ERR_GHL_CHECKOUT_UNAVAILABLE"
  | "ERR_GHL_INBOUND_WEBHOOK_URL"
  | "ERR_GHL_TRIGGER_TARGET_URL"
  | "ERR_GHL_WORKFLOW_AUTH"
  | "ERR_GHL_WORKFLOW_WEBHOOK"
  | "ERR_GHL_WORKFLOW_ACTION"
  | "ERR_GHL_WORKFLOW_ACTION_UNKNOWN"
  | "ERR_GHL_WORKFLOW_ACTION_REPLY"
  | "ERR_GHL_WORKFLOW_TRIGGER";

/** Meaning of HighLevel's status, in this order: 401 and 403 · 429 · a redirect · another 4xx · 5xx. */
export type AnswerCode =
  | "ERR_GHL_MARKETPLACE_CREDENTIALS"
  | "ERR_GHL_MARKETPLACE_RATE_LIMITED"
  | "ERR_GHL_MARKETPLACE_REDIRECT"
  | "ERR_GHL_MARKETPLACE_REFUSED"
  | "ERR_GHL_MARKETPLACE_SERVER";

/**
 * Base class of the errors of this package. `code` is stable, the message is not. No message contains a secret, a credential, an API key
 * or the request, so it may be logged.
 */
export abstract class MarketplaceError extends Error {
  abstract readonly code: MarketplaceErrorCode;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** An option or argument is invalid. Nothing was sent. The message names it and the values that it accepts. */
export class ConfigurationError extends MarketplaceError {
  readonly code: "ERR_GHL_MARKETPLACE_CONFIGURATION" = "ERR_GHL_MARKETPLACE_CONFIGURATION";
}

/** Base class of the errors of a request that HighLevel did not accept. */
export abstract class SendError extends MarketplaceError {
  /** Whether HighLevel may have executed the request anyway. False when HighLevel refused it. */
  abstract readonly ambiguous: boolean;
}

/**
 * HighLevel answered with another status than 2xx, and `code` has its meaning. A redirect (3xx, or 0 when a browser hides it) is not
 * followed, because a secret goes to one host only. It is unknown whether HighLevel executed a redirected request.
 */
export class AnswerError extends SendError {
  readonly code: AnswerCode;
  readonly ambiguous: boolean;
  readonly status: number;
  /** Value of `Retry-After` in milliseconds; absent when the answer had none. */
  readonly retryAfterMs?: number;
  /** HighLevel's id of the request, for its support; absent when the answer had none. */
  readonly traceId?: string;

  constructor(
    endpoint: string,
    details: { status: number; retryAfterMs?: number | undefined; traceId?: string | undefined },
  ) {
    const code = answerCode(details.status);
    const isRedirect = code === "ERR_GHL_MARKETPLACE_REDIRECT";
    super(`${endpoint} answered ${details.status}${isRedirect ? ": redirects are not followed" : ""}`);
    this.status = details.status;
    this.code = code;
    this.ambiguous = isRedirect || details.status >= 500;
    if (details.retryAfterMs !== undefined) this.retryAfterMs = details.retryAfterMs;
    if (details.traceId !== undefined) this.traceId = details.traceId;
  }
}

function answerCode(status: number): AnswerCode {
  if (status === 401 || status === 403) return "ERR_GHL_MARKETPLACE_CREDENTIALS";
  if (status < 400) return "ERR_GHL_MARKETPLACE_REDIRECT";
  if (status === 429) return "ERR_GHL_MARKETPLACE_RATE_LIMITED";
  return status >= 500 ? "ERR_GHL_MARKETPLACE_SERVER" : "ERR_GHL_MARKETPLACE_REFUSED";
}

/**
 * There was no answer: the connection failed or broke. The message names host and reason. Check whether the request took effect before
 * you send it again. A late answer is a TimeoutError.
 */
export class NetworkError extends SendError {
  readonly code: "ERR_GHL_MARKETPLACE_NETWORK" = "ERR_GHL_MARKETPLACE_NETWORK";
  readonly ambiguous: true = true;
}

/** There was no complete answer in time. Check whether the request took effect before you send it again. */
export class TimeoutError extends SendError {
  readonly code: "ERR_GHL_MARKETPLACE_TIMEOUT" = "ERR_GHL_MARKETPLACE_TIMEOUT";
  readonly ambiguous: true = true;
  readonly timeoutMs: number;

  constructor(endpoint: string, timeoutMs: number) {
    super(`${endpoint} did not answer within ${timeoutMs} ms`);
    this.timeoutMs = timeoutMs;
  }
}

/** The handler does not support the method of the request. Scanners and browsers send such requests, so there is nothing to do. */
export class MethodNotAllowedError extends MarketplaceError {
  readonly code: "ERR_GHL_MARKETPLACE_METHOD_NOT_ALLOWED" = "ERR_GHL_MARKETPLACE_METHOD_NOT_ALLOWED";
  readonly allowed: readonly string[];

  constructor(allowed: readonly string[], method: string) {
    super(`method must be ${allowed.join(" or ")}, got ${method}`);
    this.allowed = allowed;
  }
}

/** The body has more bytes than `maxBodyBytes`, and the rest was not read. Raise the option if your requests are that large. */
export class BodyTooLargeError extends MarketplaceError {
  readonly code: "ERR_GHL_MARKETPLACE_BODY_TOO_LARGE" = "ERR_GHL_MARKETPLACE_BODY_TOO_LARGE";
}

/** The body was read before the handler got the request, or the connection broke. Mount the handler before any body parser. */
export class BodyUnreadableError extends MarketplaceError {
  readonly code: "ERR_GHL_MARKETPLACE_BODY_UNREADABLE" = "ERR_GHL_MARKETPLACE_BODY_UNREADABLE";
}

/** One of your functions threw `cause`. Fix the function. */
export class HandlerFailedError extends MarketplaceError {
  readonly code: "ERR_GHL_MARKETPLACE_HANDLER_FAILED" = "ERR_GHL_MARKETPLACE_HANDLER_FAILED";

  constructor(cause: unknown) {
    super("a function of the app threw an error", { cause });
  }
}

/** Base class of the errors about one parameter. They never contain its value. */
export abstract class ParameterError extends MarketplaceError {
  /** Name of the parameter; absent when the error is about the whole request. */
  readonly parameter?: string;

  constructor(message: string, parameter?: string) {
    super(message);
    if (parameter !== undefined) this.parameter = parameter;
  }
}
