/** Every code an error or an answer of this package can have. Stable: a change of one is a breaking change. */
export type WebhookErrorCode =
  | "ERR_GHL_WEBHOOK_CONFIGURATION"
  | "ERR_GHL_WEBHOOK_SIGNATURE_MISSING"
  | "ERR_GHL_WEBHOOK_SIGNATURE_MALFORMED"
  | "ERR_GHL_WEBHOOK_SIGNATURE_MISMATCH"
  | "ERR_GHL_WEBHOOK_TIMESTAMP_MISSING"
  | "ERR_GHL_WEBHOOK_TIMESTAMP_OUTSIDE_WINDOW"
  | "ERR_GHL_WEBHOOK_APP_MISSING"
  | "ERR_GHL_WEBHOOK_APP_MISMATCH"
  | "ERR_GHL_WEBHOOK_NOT_JSON"
  | "ERR_GHL_WEBHOOK_NOT_ENVELOPE"
  | "ERR_GHL_WEBHOOK_METHOD_NOT_ALLOWED"
  | "ERR_GHL_WEBHOOK_BODY_TOO_LARGE"
  | "ERR_GHL_WEBHOOK_BODY_TIMEOUT"
  | "ERR_GHL_WEBHOOK_BODY_UNREADABLE"
  | "ERR_GHL_WEBHOOK_IN_PROGRESS"
  | "ERR_GHL_WEBHOOK_HANDLER_FAILED";

/** How a delivery is signed. */
export type SignatureScheme = "ed25519" | "rsa" | "hmac";

/**
 * Base of every error this package throws on purpose. `code` is stable, the message is not. None holds a secret, a
 * signature or the body, so that each may be logged.
 */
export abstract class WebhookError extends Error {
  abstract readonly code: WebhookErrorCode;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** An option cannot be used: a key of no known form, nothing to verify with, a negative time. Thrown before any request. */
export class WebhookConfigurationError extends WebhookError {
  readonly code: "ERR_GHL_WEBHOOK_CONFIGURATION" = "ERR_GHL_WEBHOOK_CONFIGURATION";
}

/**
 * No header of a scheme that is switched on; of a delivery of the gateway, one of its three is not there. A header that is there but
 * wrong is Malformed or Mismatch.
 */
export class SignatureMissingError extends WebhookError {
  readonly code: "ERR_GHL_WEBHOOK_SIGNATURE_MISSING" = "ERR_GHL_WEBHOOK_SIGNATURE_MISSING";
}

/**
 * The header is not the encoding of a signature of its scheme: cut, sent twice, or something else. Also for an id or a time that the
 * gateway cannot have signed.
 */
export class SignatureMalformedError extends WebhookError {
  readonly code: "ERR_GHL_WEBHOOK_SIGNATURE_MALFORMED" = "ERR_GHL_WEBHOOK_SIGNATURE_MALFORMED";
  readonly scheme: SignatureScheme;

  constructor(scheme: SignatureScheme) {
    super(`the header is no ${scheme} signature`);
    this.scheme = scheme;
  }
}

/**
 * A signature of the right form that none of the keys made over these bytes: a forgery, a foreign key, or a body that was
 * parsed and written again on its way here.
 */
export class SignatureMismatchError extends WebhookError {
  readonly code: "ERR_GHL_WEBHOOK_SIGNATURE_MISMATCH" = "ERR_GHL_WEBHOOK_SIGNATURE_MISMATCH";
  readonly scheme: SignatureScheme;

  constructor(scheme: SignatureScheme) {
    super(`no key made this ${scheme} signature over these bytes`);
    this.scheme = scheme;
  }
}

/** Genuine, but `requireTimestamp` is set and the body has no `timestamp` that is a date. */
export class TimestampMissingError extends WebhookError {
  readonly code: "ERR_GHL_WEBHOOK_TIMESTAMP_MISSING" = "ERR_GHL_WEBHOOK_TIMESTAMP_MISSING";
}

/** Genuine, but signed too long ago or for a time to come: a replay, a very late redelivery, or a wrong clock here. */
export class TimestampOutsideWindowError extends WebhookError {
  readonly code: "ERR_GHL_WEBHOOK_TIMESTAMP_OUTSIDE_WINDOW" = "ERR_GHL_WEBHOOK_TIMESTAMP_OUTSIDE_WINDOW";
  /** Now minus the signed time, in milliseconds; negative for a time to come. */
  readonly ageMs: number;

  constructor(ageMs: number) {
    super(`the event is ${Math.round(ageMs / 1000)} s old`);
    this.ageMs = ageMs;
  }
}

/** Genuine, but `requireAppId` is set and the body names no app. */
export class AppMissingError extends WebhookError {
  readonly code: "ERR_GHL_WEBHOOK_APP_MISSING" = "ERR_GHL_WEBHOOK_APP_MISSING";
}

/** Signed by HighLevel, but for another app: HighLevel signs every app's events with one key. */
export class AppMismatchError extends WebhookError {
  readonly code: "ERR_GHL_WEBHOOK_APP_MISMATCH" = "ERR_GHL_WEBHOOK_APP_MISMATCH";
}

/** Genuine, but not JSON in UTF-8. */
export class NotJsonError extends WebhookError {
  readonly code: "ERR_GHL_WEBHOOK_NOT_JSON" = "ERR_GHL_WEBHOOK_NOT_JSON";
}

/**
 * Signed by the gateway, and JSON, but not the envelope of this very delivery: an endpoint of format `raw` in front of a receiver of
 * envelopes. Its signature alone can be verified.
 */
export class NotEnvelopeError extends WebhookError {
  readonly code: "ERR_GHL_WEBHOOK_NOT_ENVELOPE" = "ERR_GHL_WEBHOOK_NOT_ENVELOPE";
}

/** The request is no POST. */
export class MethodNotAllowedError extends WebhookError {
  readonly code: "ERR_GHL_WEBHOOK_METHOD_NOT_ALLOWED" = "ERR_GHL_WEBHOOK_METHOD_NOT_ALLOWED";
}

/** The body has more bytes than `maxBodyBytes`; it was not read to its end. */
export class BodyTooLargeError extends WebhookError {
  readonly code: "ERR_GHL_WEBHOOK_BODY_TOO_LARGE" = "ERR_GHL_WEBHOOK_BODY_TOO_LARGE";
}

/** The body did not end within `bodyTimeoutMs`; it was not read to its end. */
export class BodyTimeoutError extends WebhookError {
  readonly code: "ERR_GHL_WEBHOOK_BODY_TIMEOUT" = "ERR_GHL_WEBHOOK_BODY_TIMEOUT";
}

/** The body was read before the handler got the request (a body parser in front of it), or the connection broke. */
export class BodyUnreadableError extends WebhookError {
  readonly code: "ERR_GHL_WEBHOOK_BODY_UNREADABLE" = "ERR_GHL_WEBHOOK_BODY_UNREADABLE";
}

/** The same event is being handled at this moment; the answer asks for a redelivery. */
export class InProgressError extends WebhookError {
  readonly code: "ERR_GHL_WEBHOOK_IN_PROGRESS" = "ERR_GHL_WEBHOOK_IN_PROGRESS";
}

/** One of your functions (an event's, `onEvent`, `onUnknown`, the dedupe store's) failed with `cause`. */
export class HandlerFailedError extends WebhookError {
  readonly code: "ERR_GHL_WEBHOOK_HANDLER_FAILED" = "ERR_GHL_WEBHOOK_HANDLER_FAILED";
}
