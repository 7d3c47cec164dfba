import { excerpt, isObject, isTokenRejection, namesOtherCause } from "@ghl-edge/core";

/**
 * Meaning of an answer for the holder of the token:
 *
 * - `retryable`: nothing is wrong with the grant; try again (`ambiguous`: the request may have been carried out)
 * - `suspended`: the location is paused; the same token works again once it is active
 * - `reauth_required`: the code or refresh token is used up; only a new install helps
 * - `configuration`: the request can never succeed as it is; change settings or code
 * - `expired`: the access token is no longer good; another one may help
 * - `not_expiry`: an authorisation error that another token of the same grant does not fix
 */
export type AnswerKind = "retryable" | "suspended" | "reauth_required" | "configuration" | "expired" | "not_expiry";

/** Stable code of every class of answers. */
export type AnswerCode =
  | "ERR_GHL_RATE_LIMITED"
  | "ERR_GHL_UPSTREAM"
  | "ERR_GHL_CUT_ANSWER"
  | "ERR_GHL_UNKNOWN_ANSWER"
  | "ERR_GHL_REFUSED"
  | "ERR_GHL_LOCATION_NOT_ACTIVE"
  | "ERR_GHL_INVALID_GRANT"
  | "ERR_GHL_CODE_NOT_FOUND"
  | "ERR_GHL_INVALID_CLIENT"
  | "ERR_GHL_MISSING_PARAMETER"
  | "ERR_GHL_INVALID_PARAMETER"
  | "ERR_GHL_VALIDATION"
  | "ERR_GHL_REDIRECTED"
  | "ERR_GHL_ENDPOINT"
  | "ERR_GHL_NOT_FOUND"
  | "ERR_GHL_VERSION_HEADER"
  | "ERR_GHL_ACCESS_TOKEN_INVALID"
  | "ERR_GHL_SCOPE"
  | "ERR_GHL_USER_TYPE"
  | "ERR_GHL_LOCATION_ACCESS"
  | "ERR_GHL_AUTH_CLASS"
  | "ERR_GHL_FORBIDDEN";

/** Meaning of an answer, and its code. */
export interface Classification {
  readonly kind: AnswerKind;
  readonly code: AnswerCode;
  /** The request may have been carried out although no usable answer came. */
  readonly ambiguous: boolean;
}

/** The parts of an answer that decide its class. */
export interface ClassifiableAnswer {
  readonly status: number;
  /** Parsed JSON; text that is no JSON as it is; `undefined` when there is no body. */
  readonly body: unknown;
  /** The `WWW-Authenticate` header. */
  readonly wwwAuthenticate?: string | null | undefined;
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
];

/** Authorisation errors that another token of the same grant does not change; `namesOtherCause` says which they are. */
const OTHER_CAUSES: readonly (readonly [pattern: RegExp, code: AnswerCode])[] = [
  [/version header|api version/, "ERR_GHL_VERSION_HEADER"],
  [/authclass type/, "ERR_GHL_AUTH_CLASS"],
  [/user type/, "ERR_GHL_USER_TYPE"],
  [/access to this location/, "ERR_GHL_LOCATION_ACCESS"],
  [/scope/, "ERR_GHL_SCOPE"],
];

/** Whether a body has the shape of HighLevel's errors, and is not a page or an empty answer of a proxy in between. */
function isErrorBody(body: unknown): body is Record<string, unknown> {
  if (!isObject(body)) return false;
  return ["message", "error", "statusCode"].some((name) => name in body);
}

/** The texts of an error body in one line of lower case: `message` (text or list), `error`, `error_description`. */
function wordsOf(body: unknown): string {
  if (!isObject(body)) return "";
  const { message, error, error_description, errorDescription, msg } = body;
  const nested = typeof error === "object" && error !== null ? Object.values(error) : [error];
  return [message, msg, ...nested, error_description, errorDescription]
    .flat()
    .filter((part): part is string => typeof part === "string")
    .map((part) => excerpt(part))
    .join(" | ")
    .toLowerCase();
}

/**
 * The one place that decides what an answer of HighLevel's OAuth endpoints, or an authorisation error of any other
 * endpoint, means. It looks at the status, the parsed body and the challenge, and at nothing else.
 *
 * An answer without HighLevel's JSON says nothing about the grant, whatever its status: a redirect, an empty body, the page
 * of a proxy. Such an answer, and an error that is not known, is `retryable` and never costs an installation. A 401 is
 * decided by kind: it is `expired` unless its words name another cause.
 *
 * @param answer - Status, parsed body and challenge of the answer
 * @returns The class of the answer; `undefined` for a whole 2xx answer
 * @example
 * ```ts
 * import { classifyAnswer } from "@ghl-edge/oauth";
 *
 * const found = classifyAnswer({ status: 400, body: { message: "Invalid grant: refresh token is invalid" } });
 * console.log(found?.kind); // "reauth_required"
 * ```
 */
export function classifyAnswer(answer: ClassifiableAnswer): Classification | undefined {
  const { status, body, wwwAuthenticate } = answer;
  const as = (kind: AnswerKind, code: AnswerCode, ambiguous = false): Classification => ({ kind, code, ambiguous });
  if (status >= 200 && status < 300)
    return typeof body === "object" && body !== null ? undefined : as("retryable", "ERR_GHL_CUT_ANSWER", true);
  if (status === 429) return as("retryable", "ERR_GHL_RATE_LIMITED");
  if (status >= 500 || status === 408) return as("retryable", "ERR_GHL_UPSTREAM", true);
  // Status 0 is how a browser shows a redirect that was not followed.
  if (status < 400) return as("retryable", "ERR_GHL_REDIRECTED", true);
  const words = wordsOf(body);
  const row = WORDS.find(([pattern]) => pattern.test(words));
  if (row) return as(row[1], row[2]);
  if (status === 401 || namesOtherCause(words)) {
    const text = typeof body === "string" ? body : words;
    if (isTokenRejection({ status, text, wwwAuthenticate })) return as("expired", "ERR_GHL_ACCESS_TOKEN_INVALID");
    const said = `${wwwAuthenticate} ${text}`.toLowerCase();
    return as("not_expiry", OTHER_CAUSES.find(([pattern]) => pattern.test(said))?.[1] ?? "ERR_GHL_FORBIDDEN");
  }
  if (!isErrorBody(body)) return as("retryable", "ERR_GHL_UNKNOWN_ANSWER", true);
  switch (status) {
    case 403:
      return as("not_expiry", "ERR_GHL_FORBIDDEN");
    case 404:
    case 405:
    case 410:
      return as("configuration", "ERR_GHL_NOT_FOUND");
    case 422:
      return as("configuration", "ERR_GHL_VALIDATION");
    default:
      return as("retryable", "ERR_GHL_REFUSED", true);
  }
}
