/** Every code of an error or a response of this package. Codes are stable: changing one is a breaking change. */
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

/** Signature scheme of a delivery. */
export type SignatureScheme = "ed25519" | "rsa" | "hmac";

/**
 * Base class of the errors of this package. `code` is stable, the message is not. No message contains a secret, a signature or the
 * body, so it may be logged.
 */
export abstract class WebhookError extends Error {
  abstract readonly code: WebhookErrorCode;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/**
 * An option is invalid: a key in an unknown format, no key at all, or a negative time. It is thrown before any request. The message
 * names the option and the values that it accepts.
 */
export class WebhookConfigurationError extends WebhookError {
  readonly code: "ERR_GHL_WEBHOOK_CONFIGURATION" = "ERR_GHL_WEBHOOK_CONFIGURATION";
}

/**
 * The request has no signature header of an enabled scheme. A delivery of the gateway has three headers, and one is missing. If
 * HighLevel sent the request, check that no proxy drops `X-GHL-Signature`.
 */
export class SignatureMissingError extends WebhookError {
  readonly code: "ERR_GHL_WEBHOOK_SIGNATURE_MISSING" = "ERR_GHL_WEBHOOK_SIGNATURE_MISSING";
}

/**
 * The header is not an encoded signature of its scheme: truncated, sent twice, or something else. It is also thrown for an id or a
 * time that the gateway cannot have signed. Check that proxies pass the header on unchanged.
 */
export class SignatureMalformedError extends WebhookError {
  readonly code: "ERR_GHL_WEBHOOK_SIGNATURE_MALFORMED" = "ERR_GHL_WEBHOOK_SIGNATURE_MALFORMED";
  readonly scheme: SignatureScheme;

  constructor(scheme: SignatureScheme) {
    super(`signature header must be an encoded ${scheme} signature`);
    this.scheme = scheme;
  }
}

/**
 * The signature is well-formed, but no key made it over these bytes. It is a forgery, it was made with another key, or the body was
 * parsed and serialized again on its way. Pass the raw bytes: no body parser may run before the handler.
 */
export class SignatureMismatchError extends WebhookError {
  readonly code: "ERR_GHL_WEBHOOK_SIGNATURE_MISMATCH" = "ERR_GHL_WEBHOOK_SIGNATURE_MISMATCH";
  readonly scheme: SignatureScheme;

  constructor(scheme: SignatureScheme) {
    super(`${scheme} signature does not match these bytes under any key`);
    this.scheme = scheme;
  }
}

/**
 * The event is genuine but has no `timestamp` that is a date, and `requireTimestamp` is set or the event is a lifecycle event. Turn
 * `requireTimestamp` off for events that HighLevel does not date. `onStale` then gets a lifecycle event without a date.
 */
export class TimestampMissingError extends WebhookError {
  readonly code: "ERR_GHL_WEBHOOK_TIMESTAMP_MISSING" = "ERR_GHL_WEBHOOK_TIMESTAMP_MISSING";
}

/**
 * The event is genuine, but its signed time is too old or in the future: a replay, a very late redelivery, or a wrong clock. Check the
 * clock. Set a larger `toleranceMs` to accept late redeliveries, or handle the event in `onStale`.
 */
export class TimestampOutsideWindowError extends WebhookError {
  readonly code: "ERR_GHL_WEBHOOK_TIMESTAMP_OUTSIDE_WINDOW" = "ERR_GHL_WEBHOOK_TIMESTAMP_OUTSIDE_WINDOW";
  /** Current time minus signed time, in milliseconds. Negative when the signed time is in the future. */
  readonly ageMs: number;

  constructor(ageMs: number) {
    super(`timestamp must be within the tolerance, got an event that is ${Math.round(ageMs / 1000)} s old`);
    this.ageMs = ageMs;
  }
}

/**
 * The event is genuine, but the body names no app, and `requireAppId` is set or the event is a lifecycle event. Set `requireAppId` to
 * `"where-documented"` if you need events that name no app.
 */
export class AppMissingError extends WebhookError {
  readonly code: "ERR_GHL_WEBHOOK_APP_MISSING" = "ERR_GHL_WEBHOOK_APP_MISSING";
}

/**
 * HighLevel signed the event for another app: one key signs the events of every app. Check the option `appId` and the webhook URL of
 * the app. Never act on such an event.
 */
export class AppMismatchError extends WebhookError {
  readonly code: "ERR_GHL_WEBHOOK_APP_MISMATCH" = "ERR_GHL_WEBHOOK_APP_MISMATCH";
}

/** The body is genuine, but it is not JSON in UTF-8. Report it with the name of the event. */
export class NotJsonError extends WebhookError {
  readonly code: "ERR_GHL_WEBHOOK_NOT_JSON" = "ERR_GHL_WEBHOOK_NOT_JSON";
}

/**
 * The gateway signed the body, but it is not the envelope of this delivery: the endpoint has the format `raw`. Set the endpoint's format
 * to `envelope`, or verify the signature alone.
 */
export class NotEnvelopeError extends WebhookError {
  readonly code: "ERR_GHL_WEBHOOK_NOT_ENVELOPE" = "ERR_GHL_WEBHOOK_NOT_ENVELOPE";
}

/** The request is not a POST. Scanners and browsers send such requests, so there is nothing to do. */
export class MethodNotAllowedError extends WebhookError {
  readonly code: "ERR_GHL_WEBHOOK_METHOD_NOT_ALLOWED" = "ERR_GHL_WEBHOOK_METHOD_NOT_ALLOWED";
}

/** The body has more bytes than `maxBodyBytes`, and the rest was not read. Raise the option if your events are that large. */
export class BodyTooLargeError extends WebhookError {
  readonly code: "ERR_GHL_WEBHOOK_BODY_TOO_LARGE" = "ERR_GHL_WEBHOOK_BODY_TOO_LARGE";
}

/** The body did not end within `bodyTimeoutMs`, and the rest was not read. The sender retries. */
export class BodyTimeoutError extends WebhookError {
  readonly code: "ERR_GHL_WEBHOOK_BODY_TIMEOUT" = "ERR_GHL_WEBHOOK_BODY_TIMEOUT";
}

/**
 * The body was read before the handler got the request, or the connection broke. Mount the handler before any body parser, such as
 * `express.json()`.
 */
export class BodyUnreadableError extends WebhookError {
  readonly code: "ERR_GHL_WEBHOOK_BODY_UNREADABLE" = "ERR_GHL_WEBHOOK_BODY_UNREADABLE";
}

/** The same event is being handled at this moment. The response asks for a redelivery, so there is nothing to do. */
export class InProgressError extends WebhookError {
  readonly code: "ERR_GHL_WEBHOOK_IN_PROGRESS" = "ERR_GHL_WEBHOOK_IN_PROGRESS";
}

/**
 * One of your functions failed with `cause`: an event's, `onEvent`, `onUnknown`, or the dedupe store's. Fix the function: the event is
 * delivered again.
 */
export class HandlerFailedError extends WebhookError {
  readonly code: "ERR_GHL_WEBHOOK_HANDLER_FAILED" = "ERR_GHL_WEBHOOK_HANDLER_FAILED";
}
