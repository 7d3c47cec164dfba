/**
 * What an answer means for whoever holds the token:
 *
 * - `retryable`: nothing is wrong with the grant; try again (`ambiguous`: the request may have been carried out)
 * - `suspended`: the location is paused; the same token works again once it is active
 * - `reauth_required`: the code or refresh token is used up; only a new install helps
 * - `configuration`: the request can never succeed as it is; change settings or code
 * - `expired`: the access token is no longer good; another one may help
 * - `not_expiry`: an authorisation error that another token of the same grant does not mend
 */
export type AnswerKind = "retryable" | "suspended" | "reauth_required" | "configuration" | "expired" | "not_expiry";

/** Stable code of every answer that is told apart. */
export type AnswerCode =
  | "ERR_GHL_RATE_LIMITED"
  | "ERR_GHL_UPSTREAM"
  | "ERR_GHL_CUT_ANSWER"
  | "ERR_GHL_UNKNOWN_ANSWER"
  | "ERR_GHL_LOCATION_NOT_ACTIVE"
  | "ERR_GHL_INVALID_GRANT"
  | "ERR_GHL_CODE_NOT_FOUND"
  | "ERR_GHL_INVALID_CLIENT"
  | "ERR_GHL_MISSING_PARAMETER"
  | "ERR_GHL_INVALID_PARAMETER"
  | "ERR_GHL_VALIDATION"
  | "ERR_GHL_REDIRECTED"
  | "ERR_GHL_ENDPOINT"
  | "ERR_GHL_VERSION_HEADER"
  | "ERR_GHL_ACCESS_TOKEN_INVALID"
  | "ERR_GHL_SCOPE"
  | "ERR_GHL_USER_TYPE"
  | "ERR_GHL_LOCATION_ACCESS"
  | "ERR_GHL_AUTH_CLASS"
  | "ERR_GHL_FORBIDDEN";

export interface Classification {
  readonly kind: AnswerKind;
  readonly code: AnswerCode;
  /** The request may have been carried out although no usable answer came. */
  readonly ambiguous: boolean;
}

/** An answer as far as its class depends on it. */
export interface ClassifiableAnswer {
  readonly status: number;
  /** Parsed JSON; `undefined` when the body is no whole JSON value. */
  readonly body: unknown;
}

type Row = readonly [pattern: RegExp, kind: AnswerKind, code: AnswerCode];

/**
 * HighLevel gives no codes, so the words decide; first match wins. Each row's words are from HighLevel's documents
 * (2026-06) or were seen live (2026-08); docs/design/oauth.md lists them with their sources.
 */
const WORDS: readonly Row[] = [
  [/(location|agency|company|account) is (not active|inactive)/, "suspended", "ERR_GHL_LOCATION_NOT_ACTIVE"],
  [/authorization code (was )?(not found|(is )?(invalid|expired))/, "reauth_required", "ERR_GHL_CODE_NOT_FOUND"],
  [
    /invalid[ _]grant|refresh token is (invalid|expired)|invalid refresh token/,
    "reauth_required",
    "ERR_GHL_INVALID_GRANT",
  ],
  [
    /invalid[ _]client|unauthorized[ _]client|client (id|secret|credentials)/,
    "configuration",
    "ERR_GHL_INVALID_CLIENT",
  ],
  [/missing parameter/, "configuration", "ERR_GHL_MISSING_PARAMETER"],
  [/invalid parameter|unsupported[ _]grant[ _]type/, "configuration", "ERR_GHL_INVALID_PARAMETER"],
  [
    /endpoint has been removed|not available in api version|cannot (get|post|put|delete) \//,
    "configuration",
    "ERR_GHL_ENDPOINT",
  ],
  [/version header|api version/, "not_expiry", "ERR_GHL_VERSION_HEADER"],
  [/not authorized for this scope|insufficient[ _]scope/, "not_expiry", "ERR_GHL_SCOPE"],
  [/user type mismatch/, "not_expiry", "ERR_GHL_USER_TYPE"],
  [/authclass type/, "not_expiry", "ERR_GHL_AUTH_CLASS"],
  [/not have access to this location/, "not_expiry", "ERR_GHL_LOCATION_ACCESS"],
  [
    /(token|jwt)\b.*\b(invalid|expired|revoked)|(invalid|expired|revoked)\b.*\b(token|jwt)/,
    "expired",
    "ERR_GHL_ACCESS_TOKEN_INVALID",
  ],
];

/** The texts of an error body in one line of lower case: `message` (text or list), `error`, `error_description`. */
function wordsOf(body: unknown): string {
  if (typeof body === "string") return body.toLowerCase();
  if (typeof body !== "object" || body === null) return "";
  const { message, error, error_description, errorDescription, msg } = body as Record<string, unknown>;
  const nested = typeof error === "object" ? [wordsOf(error)] : [error];
  return [message, msg, ...nested, error_description, errorDescription]
    .flat()
    .filter((part): part is string => typeof part === "string")
    .join(" | ")
    .toLowerCase();
}

/**
 * The one place that decides what an answer of HighLevel's OAuth endpoints, or an authorisation error of any other
 * endpoint, means. It looks at the status and the parsed body and at nothing else.
 *
 * An error that is not known is `retryable` and never costs an installation. An unknown 401 counts as `expired`,
 * because the grant renews at most once for it; an unknown 403 as `not_expiry`.
 *
 * @returns `undefined` for a whole 2xx answer.
 */
export function classifyAnswer(answer: ClassifiableAnswer): Classification | undefined {
  const { status, body } = answer;
  const as = (kind: AnswerKind, code: AnswerCode, ambiguous = false): Classification => ({ kind, code, ambiguous });
  if (status >= 200 && status < 300)
    return typeof body === "object" && body !== null ? undefined : as("retryable", "ERR_GHL_CUT_ANSWER", true);
  if (status === 429) return as("retryable", "ERR_GHL_RATE_LIMITED");
  if (status >= 500 || status === 408) return as("retryable", "ERR_GHL_UPSTREAM", true);
  // Status 0 is how a browser shows a redirect that was not followed.
  if (status < 400) return as("configuration", "ERR_GHL_REDIRECTED");
  const words = wordsOf(body);
  const row = WORDS.find(([pattern]) => pattern.test(words));
  if (row) return as(row[1], row[2]);
  if (status === 422) return as("configuration", "ERR_GHL_VALIDATION");
  if (status === 404 || status === 405) return as("configuration", "ERR_GHL_ENDPOINT");
  if (status === 401) return as("expired", "ERR_GHL_ACCESS_TOKEN_INVALID");
  if (status === 403) return as("not_expiry", "ERR_GHL_FORBIDDEN");
  return as("retryable", "ERR_GHL_UNKNOWN_ANSWER", true);
}
