import { excerpt, readRetryAfterMs } from "@ghl-edge/core";
import { type CallContext, type GhlError, makeError, type ShortCode } from "./errors.ts";
import { type RateLimitInfo, readRateLimit } from "./rate-limit-headers.ts";

/** Details of an error answer. A member is absent if the answer did not have it. */
export interface AnswerDetails extends CallContext {
  readonly status: number;
  /**
   * Messages from HighLevel's error body, whichever of its shapes it has. Empty if there are none. At most 20 messages,
   * each cut to 500 characters. `body` has the complete text.
   */
  readonly messages: readonly string[];
  /** HighLevel's trace id. Its support needs it to find a request. */
  readonly traceId?: string | undefined;
  /** `X-Request-Id` of the answer. */
  readonly requestId?: string | undefined;
  /** `Retry-After`, in milliseconds from the arrival of the answer. */
  readonly retryAfterMs?: number | undefined;
  readonly rateLimit: RateLimitInfo;
}

/** Error codes by status. 2xx, 3xx except 304, and 5xx are listed under their hundred. */
const CODES: Readonly<Record<number, ShortCode>> = {
  200: "INVALID_RESPONSE",
  300: "REDIRECT",
  400: "BAD_REQUEST",
  401: "AUTHENTICATION",
  403: "PERMISSION",
  404: "NOT_FOUND",
  422: "VALIDATION",
  429: "RATE_LIMIT",
  500: "SERVER",
};

/** Upper bound of messages that an error keeps. HighLevel's 422 has one per field. */
const MAX_MESSAGES = 20;
/** Upper bound of characters that an error keeps as `body`. */
const MAX_BODY_LENGTH = 60_000;

/** Selects the texts among unchecked values, bounded in number and length, so that an error fits into a log line. */
const textsOf = (values: unknown): string[] =>
  [values]
    .flat()
    .filter((value) => typeof value === "string")
    .slice(0, MAX_MESSAGES)
    .map((text) => excerpt(text));

/**
 * Reads HighLevel's error shapes: v2 `{ message }` with a text or a list, v3 `{ error: { message } }`, OAuth
 * `{ error, error_description }`.
 *
 * @see https://marketplace.gohighlevel.com/docs/ and the documents' error schemas, read 2026-08-30
 */
export function messagesOf(body: unknown): string[] {
  const { message, error, error_description } = Object(body);
  return textsOf(message ?? error?.message ?? error_description ?? error);
}

/** Returns whether an answer is a redirect. 304 leads nowhere else: https://www.rfc-editor.org/rfc/rfc9110#section-15.4.5 */
export const isRedirect = ({ ok, status }: Response): boolean => !ok && status < 400 && status !== 304;

/** The call that was answered, and the clock that `Retry-After` is read by. */
export interface ErrorSource {
  readonly context: CallContext;
  readonly now: () => number;
}

/** Makes the error for an answer that is not a usable 2xx. `text` must be free of tokens. */
export function errorOf(response: Response, text: string, { context, now }: ErrorSource): GhlError {
  const { status, ok, headers } = response;
  let body: unknown = text.slice(0, MAX_BODY_LENGTH) || undefined;
  try {
    body = JSON.parse(body as string);
  } catch {
    // It is not JSON: the text itself is the body.
  }
  const kind = ok ? 200 : isRedirect(response) ? 300 : Math.min(status, 500);
  const messages = kind < 304 ? [ok ? "no JSON" : "redirects are not followed"] : messagesOf(body);
  const details: AnswerDetails = {
    ...context,
    status,
    messages,
    traceId: textsOf(Object(body).traceId)[0],
    requestId: textsOf(headers.get("x-request-id"))[0],
    retryAfterMs: readRetryAfterMs(headers, now()),
    rateLimit: readRateLimit(response),
  };
  const message = [`${context.method} ${context.path} was answered ${status}`, ...messages].join(": ");
  return Object.defineProperty(makeError(CODES[kind] ?? "API", message, details), "body", { value: body });
}
