/** Every code an error or an answer of this package can have. Stable: a change of one is a breaking change. */
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

/** What HighLevel's answer means: 401 and 403 · 429 · a redirect · another 4xx · 5xx. */
export type AnswerCode =
  | "ERR_GHL_MARKETPLACE_CREDENTIALS"
  | "ERR_GHL_MARKETPLACE_RATE_LIMITED"
  | "ERR_GHL_MARKETPLACE_REDIRECT"
  | "ERR_GHL_MARKETPLACE_REFUSED"
  | "ERR_GHL_MARKETPLACE_SERVER";

/**
 * Base of every error this package throws on purpose. `code` is stable, the message is not. None holds a secret, a credential, an
 * API key or what was sent, so that each may be logged.
 */
export abstract class MarketplaceError extends Error {
  abstract readonly code: MarketplaceErrorCode;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** An option or argument cannot be right. Nothing was sent. */
export class ConfigurationError extends MarketplaceError {
  readonly code: "ERR_GHL_MARKETPLACE_CONFIGURATION" = "ERR_GHL_MARKETPLACE_CONFIGURATION";
}

/** Base of what can become of a request to HighLevel that was not accepted. */
export abstract class SendError extends MarketplaceError {
  /** Whether the request may have been carried out all the same. False: HighLevel said that it was not. */
  abstract readonly ambiguous: boolean;
}

/**
 * HighLevel answered, but not 2xx. `code` says what the status means. A redirect (3xx; 0 where a browser hides it) is not followed,
 * since a secret goes to one host only, and says nothing of whether the request was carried out.
 */
export class AnswerError extends SendError {
  readonly code: AnswerCode;
  readonly ambiguous: boolean;
  readonly status: number;
  /** From `Retry-After`, in milliseconds; absent where the answer had none. */
  readonly retryAfterMs?: number;
  /** HighLevel's id of the request, for its support; absent where the answer had none. */
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

/** No answer came: the connection failed or broke; the message names host and reason. What came too late is a TimeoutError. */
export class NetworkError extends SendError {
  readonly code: "ERR_GHL_MARKETPLACE_NETWORK" = "ERR_GHL_MARKETPLACE_NETWORK";
  readonly ambiguous: true = true;
}

/** No whole answer came in time. */
export class TimeoutError extends SendError {
  readonly code: "ERR_GHL_MARKETPLACE_TIMEOUT" = "ERR_GHL_MARKETPLACE_TIMEOUT";
  readonly ambiguous: true = true;
  readonly timeoutMs: number;

  constructor(endpoint: string, timeoutMs: number) {
    super(`${endpoint} did not answer within ${timeoutMs} ms`);
    this.timeoutMs = timeoutMs;
  }
}

/** The request's method is none that the handler answers. */
export class MethodNotAllowedError extends MarketplaceError {
  readonly code: "ERR_GHL_MARKETPLACE_METHOD_NOT_ALLOWED" = "ERR_GHL_MARKETPLACE_METHOD_NOT_ALLOWED";
  readonly allowed: readonly string[];

  constructor(allowed: readonly string[]) {
    super(`only ${allowed.join(", ")} is answered here`);
    this.allowed = allowed;
  }
}

/** The body has more bytes than `maxBodyBytes`; it was not read to its end. */
export class BodyTooLargeError extends MarketplaceError {
  readonly code: "ERR_GHL_MARKETPLACE_BODY_TOO_LARGE" = "ERR_GHL_MARKETPLACE_BODY_TOO_LARGE";
}

/** The body was read before the handler got the request (a body parser in front of it), or the connection broke. */
export class BodyUnreadableError extends MarketplaceError {
  readonly code: "ERR_GHL_MARKETPLACE_BODY_UNREADABLE" = "ERR_GHL_MARKETPLACE_BODY_UNREADABLE";
}

/** One of your functions threw `cause`. */
export class HandlerFailedError extends MarketplaceError {
  readonly code: "ERR_GHL_MARKETPLACE_HANDLER_FAILED" = "ERR_GHL_MARKETPLACE_HANDLER_FAILED";

  constructor(cause: unknown) {
    super("a function failed", { cause });
  }
}

/** Base of the errors that name the parameter they are about; absent where no single one is. The value is never in them. */
abstract class ParameterError extends MarketplaceError {
  readonly parameter?: string;

  constructor(message: string, parameter?: string) {
    super(message);
    if (parameter !== undefined) this.parameter = parameter;
  }
}

/** The URL is no billing redirect of this app's. */
export class BillingRedirectError extends ParameterError {
  readonly code: "ERR_GHL_BILLING_REDIRECT" = "ERR_GHL_BILLING_REDIRECT";
}

/** The request is no external-auth request, or contradicts itself. A wrong credential is ExternalAuthRejectedError. */
export class ExternalAuthRequestError extends ParameterError {
  readonly code: "ERR_GHL_EXTERNAL_AUTH_REQUEST" = "ERR_GHL_EXTERNAL_AUTH_REQUEST";
}

/** Your `verify` said no. */
export class ExternalAuthRejectedError extends MarketplaceError {
  readonly code: "ERR_GHL_EXTERNAL_AUTH_REJECTED" = "ERR_GHL_EXTERNAL_AUTH_REJECTED";
}

/**
 * The payload is not a user context under this secret. One error for every cause, without one: which step failed is what an
 * attacker would ask for.
 */
export class UserContextError extends MarketplaceError {
  readonly code: "ERR_GHL_USER_CONTEXT_INVALID" = "ERR_GHL_USER_CONTEXT_INVALID";

  constructor() {
    super("the payload is no user context of this app");
  }
}

/** Why the browser got no payload: the page is not in a frame · no custom-JS function there · no answer in time · a wrong one. */
export type UnavailableReason = "not-embedded" | "no-function" | "timeout" | "no-payload";

/** The browser could not get a user context payload from HighLevel. */
export class UserContextUnavailableError extends MarketplaceError {
  readonly code: "ERR_GHL_USER_CONTEXT_UNAVAILABLE" = "ERR_GHL_USER_CONTEXT_UNAVAILABLE";
  readonly reason: UnavailableReason;

  constructor(reason: UnavailableReason) {
    super(`no user context payload: ${reason}`);
    this.reason = reason;
  }
}

/** The body is no query of a known type with what that type needs. */
export class PaymentQueryError extends ParameterError {
  readonly code: "ERR_GHL_PAYMENT_QUERY" = "ERR_GHL_PAYMENT_QUERY";
}

/** No `apiKey`, or one that belongs to nobody. */
export class PaymentApiKeyError extends MarketplaceError {
  readonly code: "ERR_GHL_PAYMENT_QUERY_API_KEY" = "ERR_GHL_PAYMENT_QUERY_API_KEY";
}

/** A known type for which no function was given. */
export class PaymentQueryUnsupportedError extends MarketplaceError {
  readonly code: "ERR_GHL_PAYMENT_QUERY_UNSUPPORTED" = "ERR_GHL_PAYMENT_QUERY_UNSUPPORTED";
}

/** Your function returned what cannot be written as an answer. */
export class PaymentReplyError extends ParameterError {
  readonly code: "ERR_GHL_PAYMENT_REPLY" = "ERR_GHL_PAYMENT_REPLY";
}

/** The checkout page got no payment to make: it is not in a frame · HighLevel sent none in time · `disconnect` was called. */
export class CheckoutUnavailableError extends MarketplaceError {
  readonly code: "ERR_GHL_CHECKOUT_UNAVAILABLE" = "ERR_GHL_CHECKOUT_UNAVAILABLE";
  readonly reason: "not-embedded" | "timeout" | "disconnected";

  constructor(reason: "not-embedded" | "timeout" | "disconnected") {
    super(`no payment to make: ${reason}`);
    this.reason = reason;
  }
}

/**
 * What is wrong with a URL: it is none · not https · has a user or password in it · is another host's than HighLevel's · has another
 * path.
 */
export type WorkflowUrlFault = "unreadable" | "scheme" | "credentials" | "host" | "path";

const URL_FAULTS: Readonly<Record<WorkflowUrlFault, string>> = {
  unreadable: "it cannot be read",
  scheme: "it is not https",
  credentials: "it has a user or a password in it",
  host: "its host is neither HighLevel's nor one of hosts",
  path: "its path is another",
};

/** Base of the errors about a URL that starts a workflow. Such a URL is a secret: no part of it is in them. */
abstract class WorkflowUrlError extends MarketplaceError {
  readonly reason: WorkflowUrlFault;

  constructor(what: string, reason: WorkflowUrlFault) {
    super(`the URL is no ${what} of HighLevel's: ${URL_FAULTS[reason]}`);
    this.reason = reason;
  }
}

/** Not the URL of an Inbound Webhook trigger. Nothing was sent. */
export class InboundWebhookUrlError extends WorkflowUrlError {
  readonly code: "ERR_GHL_INBOUND_WEBHOOK_URL" = "ERR_GHL_INBOUND_WEBHOOK_URL";

  constructor(reason: WorkflowUrlFault) {
    super("inbound webhook", reason);
  }
}

/** Not the `targetUrl` of a marketplace trigger. Nothing was sent, the token neither. */
export class TriggerTargetUrlError extends WorkflowUrlError {
  readonly code: "ERR_GHL_TRIGGER_TARGET_URL" = "ERR_GHL_TRIGGER_TARGET_URL";

  constructor(reason: WorkflowUrlFault) {
    super("trigger target", reason);
  }
}

/** The request has not the credentials you configured in HighLevel, or wrong ones. */
export class WorkflowAuthError extends MarketplaceError {
  readonly code: "ERR_GHL_WORKFLOW_AUTH" = "ERR_GHL_WORKFLOW_AUTH";
  /** The HTTP scheme that is wanted; absent where it is none. */
  readonly challenge?: string;

  constructor(challenge?: string) {
    super("the credentials are missing or wrong");
    if (challenge !== undefined) this.challenge = challenge;
  }
}

/** The body of a workflow's webhook is not what its content type says. */
export class WorkflowWebhookError extends MarketplaceError {
  readonly code: "ERR_GHL_WORKFLOW_WEBHOOK" = "ERR_GHL_WORKFLOW_WEBHOOK";
}

/** The request is no execution of a marketplace action. */
export class WorkflowActionError extends ParameterError {
  readonly code: "ERR_GHL_WORKFLOW_ACTION" = "ERR_GHL_WORKFLOW_ACTION";
}

/** No function was given for this action or trigger, this version of it, or these options. */
export class WorkflowActionUnknownError extends ParameterError {
  readonly code: "ERR_GHL_WORKFLOW_ACTION_UNKNOWN" = "ERR_GHL_WORKFLOW_ACTION_UNKNOWN";
}

/** Your function returned what cannot be written as an answer. */
export class WorkflowActionReplyError extends ParameterError {
  readonly code: "ERR_GHL_WORKFLOW_ACTION_REPLY" = "ERR_GHL_WORKFLOW_ACTION_REPLY";
}

/** The request is no subscription of a marketplace trigger. */
export class TriggerSubscriptionError extends ParameterError {
  readonly code: "ERR_GHL_WORKFLOW_TRIGGER" = "ERR_GHL_WORKFLOW_TRIGGER";
}
