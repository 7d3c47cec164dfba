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

  constructor(allowed: readonly string[]) {
    super(`method must be ${allowed.join(" or ")}`);
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
    super("a function failed", { cause });
  }
}

/** Base class of the errors about one parameter. They never contain its value. */
abstract class ParameterError extends MarketplaceError {
  /** Name of the parameter; absent when the error is about the whole request. */
  readonly parameter?: string;

  constructor(message: string, parameter?: string) {
    super(message);
    if (parameter !== undefined) this.parameter = parameter;
  }
}

/** The URL is not a billing redirect of this app. Open the page from HighLevel's marketplace, and check the client id. */
export class BillingRedirectError extends ParameterError {
  readonly code: "ERR_GHL_BILLING_REDIRECT" = "ERR_GHL_BILLING_REDIRECT";
}

/**
 * The request is not an external authentication, or contradicts itself. Check the form of the app in HighLevel's portal. A wrong
 * credential is an ExternalAuthRejectedError.
 */
export class ExternalAuthRequestError extends ParameterError {
  readonly code: "ERR_GHL_EXTERNAL_AUTH_REQUEST" = "ERR_GHL_EXTERNAL_AUTH_REQUEST";
}

/** Your `verify` did not return true. The person must enter other credentials. */
export class ExternalAuthRejectedError extends MarketplaceError {
  readonly code: "ERR_GHL_EXTERNAL_AUTH_REJECTED" = "ERR_GHL_EXTERNAL_AUTH_REJECTED";
}

/**
 * The payload is not a user context encrypted with this shared secret. There is one error for every reason and no `cause`: the failed
 * step would help an attacker. Check the shared secret, and that the payload arrives unchanged.
 */
export class UserContextError extends MarketplaceError {
  readonly code: "ERR_GHL_USER_CONTEXT_INVALID" = "ERR_GHL_USER_CONTEXT_INVALID";

  constructor() {
    super("payload must be a user context of this app");
  }
}

/** Reason for a missing payload, in this order: not in a frame · no function for custom JS · no answer in time · a wrong answer. */
export type UnavailableReason = "not-embedded" | "no-function" | "timeout" | "no-payload";

/** The browser got no user context from HighLevel. Open the page inside HighLevel, as a custom page of the app. */
export class UserContextUnavailableError extends MarketplaceError {
  readonly code: "ERR_GHL_USER_CONTEXT_UNAVAILABLE" = "ERR_GHL_USER_CONTEXT_UNAVAILABLE";
  readonly reason: UnavailableReason;

  constructor(reason: UnavailableReason) {
    super(`user context was not received from HighLevel: ${reason}`);
    this.reason = reason;
  }
}

/** The body is not a payment query of a known type with the required fields. */
export class PaymentQueryError extends ParameterError {
  readonly code: "ERR_GHL_PAYMENT_QUERY" = "ERR_GHL_PAYMENT_QUERY";
}

/** The query has no `apiKey`, or an unknown one. Check the keys in the provider's configuration at HighLevel. */
export class PaymentApiKeyError extends MarketplaceError {
  readonly code: "ERR_GHL_PAYMENT_QUERY_API_KEY" = "ERR_GHL_PAYMENT_QUERY_API_KEY";
}

/** The type of the query is known, but the handler has no function for it. */
export class PaymentQueryUnsupportedError extends MarketplaceError {
  readonly code: "ERR_GHL_PAYMENT_QUERY_UNSUPPORTED" = "ERR_GHL_PAYMENT_QUERY_UNSUPPORTED";
}

/** The result of your function cannot be written as a reply. The message names the field. */
export class PaymentReplyError extends ParameterError {
  readonly code: "ERR_GHL_PAYMENT_REPLY" = "ERR_GHL_PAYMENT_REPLY";
}

/**
 * The checkout page got no payment. It is not in a frame, HighLevel sent none in time, or `disconnect` was called. Open the page inside
 * HighLevel's checkout.
 */
export class CheckoutUnavailableError extends MarketplaceError {
  readonly code: "ERR_GHL_CHECKOUT_UNAVAILABLE" = "ERR_GHL_CHECKOUT_UNAVAILABLE";
  readonly reason: "not-embedded" | "timeout" | "disconnected";

  constructor(reason: "not-embedded" | "timeout" | "disconnected") {
    super(`payment was not received from HighLevel: ${reason}`);
    this.reason = reason;
  }
}

/**
 * Reason why a URL is refused, in this order: not a URL · not https · with a user or password · with a host other than HighLevel's · with
 * another path.
 */
export type WorkflowUrlFault = "unreadable" | "scheme" | "credentials" | "host" | "path";

const URL_FAULTS: Readonly<Record<WorkflowUrlFault, string>> = {
  unreadable: "it is not a URL",
  scheme: "it is not https",
  credentials: "it has a user or a password",
  host: "its host is neither HighLevel's nor one of hosts",
  path: "its path is different",
};

/** Base class of the errors about a URL that starts a workflow. Such a URL is a secret, so the errors contain no part of it. */
abstract class WorkflowUrlError extends MarketplaceError {
  readonly reason: WorkflowUrlFault;

  constructor(what: string, reason: WorkflowUrlFault) {
    super(`URL must be an ${what} of HighLevel: ${URL_FAULTS[reason]}`);
    this.reason = reason;
  }
}

/** The URL is not that of an Inbound Webhook trigger. Nothing was sent. Copy the URL from the trigger in HighLevel's editor. */
export class InboundWebhookUrlError extends WorkflowUrlError {
  readonly code: "ERR_GHL_INBOUND_WEBHOOK_URL" = "ERR_GHL_INBOUND_WEBHOOK_URL";

  constructor(reason: WorkflowUrlFault) {
    super("inbound webhook", reason);
  }
}

/** The URL is not the `targetUrl` of a marketplace trigger. Nothing was sent, so no token either. */
export class TriggerTargetUrlError extends WorkflowUrlError {
  readonly code: "ERR_GHL_TRIGGER_TARGET_URL" = "ERR_GHL_TRIGGER_TARGET_URL";

  constructor(reason: WorkflowUrlFault) {
    super("execution URL of a trigger", reason);
  }
}

/** The credentials of the request are missing, or differ from those that you configured at HighLevel. */
export class WorkflowAuthError extends MarketplaceError {
  readonly code: "ERR_GHL_WORKFLOW_AUTH" = "ERR_GHL_WORKFLOW_AUTH";
  /** Required HTTP authentication scheme; absent when the credentials use none. */
  readonly challenge?: string;

  constructor(challenge?: string) {
    super("credentials must be those of the option auth");
    if (challenge !== undefined) this.challenge = challenge;
  }
}

/** The body of a workflow's webhook does not match its content type. Check the webhook action of the workflow. */
export class WorkflowWebhookError extends MarketplaceError {
  readonly code: "ERR_GHL_WORKFLOW_WEBHOOK" = "ERR_GHL_WORKFLOW_WEBHOOK";
}

/** The request is not an execution of a marketplace action. Check the URL of the action at HighLevel. */
export class WorkflowActionError extends ParameterError {
  readonly code: "ERR_GHL_WORKFLOW_ACTION" = "ERR_GHL_WORKFLOW_ACTION";
}

/** The handler has no function for this action or trigger, for this version of it, or for these options. */
export class WorkflowActionUnknownError extends ParameterError {
  readonly code: "ERR_GHL_WORKFLOW_ACTION_UNKNOWN" = "ERR_GHL_WORKFLOW_ACTION_UNKNOWN";
}

/** The result of your function cannot be written as a reply. The message names the field. */
export class WorkflowActionReplyError extends ParameterError {
  readonly code: "ERR_GHL_WORKFLOW_ACTION_REPLY" = "ERR_GHL_WORKFLOW_ACTION_REPLY";
}

/** The request is not a subscription of a marketplace trigger. Check the URL of the trigger at HighLevel. */
export class TriggerSubscriptionError extends ParameterError {
  readonly code: "ERR_GHL_WORKFLOW_TRIGGER" = "ERR_GHL_WORKFLOW_TRIGGER";
}
