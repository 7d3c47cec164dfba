import { excerpt, type Resource } from "@ghl-edge/core";
import type { AnswerCode, AnswerKind, Classification } from "./oauth/classify.ts";

/** Every code that an error of this package can have. A changed code is a breaking change. */
export type GhlOAuthErrorCode =
  | AnswerCode
  | "ERR_GHL_CONFIGURATION"
  | "ERR_GHL_NETWORK"
  | "ERR_GHL_TIMEOUT"
  | "ERR_GHL_CALLBACK"
  | "ERR_GHL_NOT_INSTALLED"
  | "ERR_GHL_REAUTH_REQUIRED"
  | "ERR_GHL_SUSPENDED"
  | "ERR_GHL_RENEWAL_CONFIGURATION"
  | "ERR_GHL_TOKEN_UNAVAILABLE"
  | "ERR_GHL_STORE"
  | "ERR_GHL_PAGINATION";

/** Longest id of a caller or of HighLevel that goes into a message; HighLevel's own have 20 to 24 characters. */
const MAX_ID_LENGTH = 100;

/** A copy whose texts are cut, so that a log line has a size whatever a caller or an answer named. */
function shortened(value: unknown): unknown {
  if (typeof value === "string") return excerpt(value);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shortened(member)]));
}

/** Base of all errors of this package. No error contains a token, an authorization code or a secret, so each may be logged. */
export abstract class GhlOAuthError extends Error {
  abstract readonly code: GhlOAuthErrorCode;

  /**
   * Returns the fields of the error for a log. Long texts are shortened.
   *
   * @returns The error as a JSON object
   */
  toJSON(): Record<string, unknown> {
    return shortened({ ...(this as object), name: this.name, message: this.message }) as Record<string, unknown>;
  }
}

/** An option or an argument is invalid. Nothing was sent. */
export class ConfigurationError extends GhlOAuthError {
  override readonly name = "ConfigurationError";
  override readonly code = "ERR_GHL_CONFIGURATION";
}

/** The redirect back from HighLevel has no code, or a `state` other than the expected one. */
export class CallbackError extends GhlOAuthError {
  override readonly name = "CallbackError";
  override readonly code = "ERR_GHL_CALLBACK";
}

/** No answer came. HighLevel may have executed the request. A time-out is a `TimeoutError`. */
export class NetworkError extends GhlOAuthError {
  override readonly name = "NetworkError";
  override readonly code = "ERR_GHL_NETWORK";
}

/** No complete answer came within `timeoutMs`. HighLevel may have executed the request. */
export class TimeoutError extends GhlOAuthError {
  override readonly name = "TimeoutError";
  override readonly code = "ERR_GHL_TIMEOUT";
  readonly timeoutMs: number;

  constructor(message: string, timeoutMs: number) {
    super(message);
    this.timeoutMs = timeoutMs;
  }
}

/** HighLevel repeats the pages of a list, so that paging would never end. */
export class PaginationError extends GhlOAuthError {
  override readonly name = "PaginationError";
  override readonly code = "ERR_GHL_PAGINATION";
}

/** HighLevel refused a request. `kind` says what to do, `code` which refusal it was (see `classifyAnswer`). */
export class AnswerError extends GhlOAuthError {
  override readonly name = "AnswerError";
  override readonly code: AnswerCode;
  readonly kind: AnswerKind;
  /** Whether HighLevel may have executed the request although it answered with an error. */
  readonly ambiguous: boolean;
  readonly status: number;
  /** Method and path, without query. */
  readonly endpoint: string;
  /** Value of `Retry-After`, milliseconds. */
  readonly retryAfterMs?: number;
  /** HighLevel's id of the request, for its support. */
  readonly traceId?: string;

  constructor(
    classification: Classification,
    details: { status: number; endpoint: string; retryAfterMs?: number | undefined; traceId?: string | undefined },
  ) {
    super(`${details.endpoint} answered ${details.status}: ${classification.kind}`);
    this.code = classification.code;
    this.kind = classification.kind;
    this.ambiguous = classification.ambiguous;
    this.status = details.status;
    this.endpoint = details.endpoint;
    if (details.retryAfterMs !== undefined) this.retryAfterMs = details.retryAfterMs;
    if (details.traceId !== undefined) this.traceId = details.traceId;
  }
}

/** Details of a `GrantError`. */
export interface GrantErrorDetails {
  readonly resource: Resource;
  /** Time of the next automatic attempt, Unix milliseconds. */
  readonly retryAtMs?: number | undefined;
  /** Code of HighLevel's answer that caused the error. */
  readonly answerCode?: string | undefined;
}

/** Base of the errors of `getAccessToken`. */
export abstract class GrantError extends GhlOAuthError {
  readonly resource: Resource;
  readonly retryAtMs?: number;
  readonly answerCode?: string;

  constructor(message: string, details: GrantErrorDetails, cause?: unknown) {
    const { kind, id } = details.resource;
    super(`${message} (${kind} ${excerpt(id, MAX_ID_LENGTH)})`, cause === undefined ? undefined : { cause });
    this.resource = details.resource;
    if (details.retryAtMs !== undefined) this.retryAtMs = details.retryAtMs;
    if (details.answerCode !== undefined) this.answerCode = details.answerCode;
  }
}

/** There are no tokens: the app was never installed, it was uninstalled, or the code was not exchanged yet. */
export class NotInstalledError extends GrantError {
  override readonly name = "NotInstalledError";
  override readonly code = "ERR_GHL_NOT_INSTALLED";
}

/** The refresh token is no longer valid. A user has to install the app again. Calls to HighLevel have stopped. */
export class ReauthRequiredError extends GrantError {
  override readonly name = "ReauthRequiredError";
  override readonly code = "ERR_GHL_REAUTH_REQUIRED";
  /** Whether HighLevel has refused the token twice. With false, the second request follows at `retryAtMs`. */
  readonly confirmed: boolean;

  constructor(details: GrantErrorDetails, confirmed: boolean) {
    super("the installation has to be authorized again", details);
    this.confirmed = confirmed;
  }
}

/** HighLevel says that the location is not active. The token stays stored and is tried again. */
export class SuspendedError extends GrantError {
  override readonly name = "SuspendedError";
  override readonly code = "ERR_GHL_SUSPENDED";
}

/**
 * HighLevel refuses the app's client id, secret or parameters. Renewal is tried again at `retryAtMs`, and at once after other settings
 * or a call of `retry`.
 */
export class RenewalConfigurationError extends GrantError {
  override readonly name = "RenewalConfigurationError";
  override readonly code = "ERR_GHL_RENEWAL_CONFIGURATION";
}

/** There is no token yet: HighLevel did not answer in the time that this caller would wait. Renewal continues. */
export class TokenUnavailableError extends GrantError {
  override readonly name = "TokenUnavailableError";
  override readonly code = "ERR_GHL_TOKEN_UNAVAILABLE";
}

/** The token store failed. `cause` is its error. */
export class StoreError extends GrantError {
  override readonly name = "StoreError";
  override readonly code = "ERR_GHL_STORE";
}
