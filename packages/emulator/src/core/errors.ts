/**
 * HighLevel's error bodies, as its documents and recorded answers show them. They are values that a client decides on, so
 * they are kept exactly; where no source shows one, the comment says so.
 */
export type ErrorBody = Readonly<Record<string, unknown>>;

export interface Refusal {
  readonly status: 400 | 401 | 403 | 404 | 422 | 429;
  readonly body: ErrorBody;
  /** One word for the request log. */
  readonly reason: string;
}

const NAMES = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  422: "Unprocessable Entity",
};

/** `401` and `403` bodies carry `error` beside `message`; `400` ones do not (HighLevel's common schemas, 2026-06). */
function refusal(reason: string, status: 400 | 401 | 403 | 404, message: string): Refusal {
  const body = status === 400 ? { statusCode: status, message } : { statusCode: status, message, error: NAMES[status] };
  return { status, body, reason };
}

export const invalidGrant: Refusal = refusal("invalid_grant", 400, "Invalid grant: refresh token is invalid");
export const locationNotActive: Refusal = refusal("not_active", 400, "Location is not active");
export const missingParameter = (name: string): Refusal => refusal("parameter", 400, `Missing parameter: ${name}`);
export const invalidParameter = (name: string): Refusal => refusal("parameter", 400, `Invalid parameter: ${name}`);

/** The older shape of the token endpoint, recorded 2026-08. */
export const codeNotFound: Refusal = {
  status: 401,
  body: { error: "UnAuthorized!", error_description: "Authorization code not found" },
  reason: "code_not_found",
};

/** Answer of the emergency endpoint of 2024-10, which was removed (recorded 2026-09). */
export const endpointRemoved: Refusal = {
  status: 400,
  body: { message: "API endpoint has been removed", error: NAMES[400], statusCode: 400 },
  reason: "removed",
};

/** No recorded answer shows wrong client credentials; RFC 6749 section 5.2 asks for 401 and this error. */
export const invalidClient: Refusal = {
  status: 401,
  body: { error: "UnAuthorized!", error_description: "Invalid client credentials" },
  reason: "client",
};

export const unprocessable = (messages: readonly string[]): Refusal => ({
  status: 422,
  body: { statusCode: 422, message: messages, error: NAMES[422] },
  reason: "validation",
});

export const versionMissing: Refusal = refusal("version", 401, "version header was not found.");
export const versionUnknown = (value: string): Refusal =>
  refusal("version", 400, `Invalid API version segment '${value}' at position 0`);
export const tokenInvalid: Refusal = refusal("token", 401, "Invalid token: access token is invalid");
export const scopeRefused: Refusal = refusal("scope", 401, "The token is not authorized for this scope.");
export const tokenTypeRefused: Refusal = refusal("token_type", 401, "Token's user type mismatch!");
export const locationRefused: Refusal = refusal("location", 403, "The token does not have access to this location.");
export const routeUnknown = (method: string, path: string): Refusal =>
  refusal("route", 404, `Cannot ${method} ${path}`);

/** No recorded answer shows one: the documents declare a 404 of this shape, without its text. */
export const notFound: Refusal = refusal("not_found", 404, "Not Found");
/** No source shows the text. */
export const bodyMalformed: Refusal = refusal("body", 400, "The request body is not valid JSON");

/** HighLevel documents no body of a 429. */
export const tooManyRequests: Refusal = {
  status: 429,
  body: { statusCode: 429, message: "Too Many Requests" },
  reason: "rate_limit",
};
