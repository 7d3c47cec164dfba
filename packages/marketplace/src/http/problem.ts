import type { MarketplaceError, MarketplaceErrorCode } from "../errors.ts";
import { MethodNotAllowedError } from "../errors.ts";

/** What a handler can answer with. */
export type AnsweredCode = Extract<
  MarketplaceErrorCode,
  | "ERR_GHL_MARKETPLACE_METHOD_NOT_ALLOWED"
  | "ERR_GHL_MARKETPLACE_BODY_TOO_LARGE"
  | "ERR_GHL_MARKETPLACE_BODY_UNREADABLE"
  | "ERR_GHL_MARKETPLACE_HANDLER_FAILED"
  | `ERR_GHL_EXTERNAL_AUTH_${string}`
  | `ERR_GHL_PAYMENT_${string}`
>;

export type AnsweredError = MarketplaceError & { readonly code: AnsweredCode };

function statusOf(code: AnsweredCode): number {
  switch (code) {
    case "ERR_GHL_EXTERNAL_AUTH_REQUEST":
    case "ERR_GHL_PAYMENT_QUERY":
    case "ERR_GHL_MARKETPLACE_BODY_UNREADABLE":
      return 400;
    case "ERR_GHL_EXTERNAL_AUTH_REJECTED":
    case "ERR_GHL_PAYMENT_QUERY_API_KEY":
      return 401;
    case "ERR_GHL_MARKETPLACE_METHOD_NOT_ALLOWED":
      return 405;
    case "ERR_GHL_MARKETPLACE_BODY_TOO_LARGE":
      return 413;
    case "ERR_GHL_MARKETPLACE_HANDLER_FAILED":
    case "ERR_GHL_PAYMENT_REPLY":
      return 500;
    case "ERR_GHL_PAYMENT_QUERY_UNSUPPORTED":
      return 501;
  }
}

const TITLES: Readonly<Record<number, string>> = {
  400: "The request is not understood",
  401: "The credentials are not accepted",
  405: "The method is not answered here",
  413: "The body is too large",
  500: "The request could not be handled",
  501: "This type of query is not supported",
};

export function json(body: unknown, status: number, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", "cache-control": "no-store", ...headers },
  });
}

/** Problem details (RFC 9457): the code and, for a request that is not understood, the name of the parameter. Never a value. */
export function problem(error: AnsweredError): Response {
  const status = statusOf(error.code);
  const parameter = status === 400 && "parameter" in error ? { parameter: error.parameter } : {};
  return json({ type: "about:blank", title: TITLES[status], status, code: error.code, ...parameter }, status, {
    "content-type": "application/problem+json",
    ...(error instanceof MethodNotAllowedError ? { allow: error.allowed.join(", ") } : {}),
  });
}
