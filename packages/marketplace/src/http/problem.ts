import { problemResponse } from "@ghl-edge/core";
import type { MarketplaceError, MarketplaceErrorCode } from "../errors.ts";
import { MethodNotAllowedError } from "../errors.ts";

/** Codes that a handler can answer with. */
export type AnsweredCode = Extract<
  MarketplaceErrorCode,
  | "ERR_GHL_MARKETPLACE_METHOD_NOT_ALLOWED"
  | "ERR_GHL_MARKETPLACE_BODY_TOO_LARGE"
  | "ERR_GHL_MARKETPLACE_BODY_UNREADABLE"
  | "ERR_GHL_MARKETPLACE_HANDLER_FAILED"
  | `ERR_GHL_EXTERNAL_AUTH_${string}`
  | `ERR_GHL_PAYMENT_${string}`
  | `ERR_GHL_WORKFLOW_${string}`
>;

export type AnsweredError = MarketplaceError & { readonly code: AnsweredCode };

type ProblemStatus = 400 | 401 | 404 | 405 | 413 | 500 | 501;

function statusOf(code: AnsweredCode): ProblemStatus {
  switch (code) {
    case "ERR_GHL_EXTERNAL_AUTH_REQUEST":
    case "ERR_GHL_PAYMENT_QUERY":
    case "ERR_GHL_WORKFLOW_ACTION":
    case "ERR_GHL_WORKFLOW_TRIGGER":
    case "ERR_GHL_WORKFLOW_WEBHOOK":
    case "ERR_GHL_MARKETPLACE_BODY_UNREADABLE":
      return 400;
    case "ERR_GHL_EXTERNAL_AUTH_REJECTED":
    case "ERR_GHL_PAYMENT_QUERY_API_KEY":
    case "ERR_GHL_WORKFLOW_AUTH":
      return 401;
    case "ERR_GHL_WORKFLOW_ACTION_UNKNOWN":
      return 404;
    case "ERR_GHL_MARKETPLACE_METHOD_NOT_ALLOWED":
      return 405;
    case "ERR_GHL_MARKETPLACE_BODY_TOO_LARGE":
      return 413;
    case "ERR_GHL_MARKETPLACE_HANDLER_FAILED":
    case "ERR_GHL_PAYMENT_REPLY":
    case "ERR_GHL_WORKFLOW_ACTION_REPLY":
      return 500;
    case "ERR_GHL_PAYMENT_QUERY_UNSUPPORTED":
      return 501;
  }
}

const TITLES: Readonly<Record<ProblemStatus, string>> = {
  400: "The request is invalid",
  401: "The credentials are not accepted",
  404: "There is no function with this name",
  405: "The method is not allowed",
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

/** Returns the headers that the status requires (RFC 9110, sections 11.6.1 and 15.5.6). */
function headersOf(error: AnsweredError): Record<string, string> {
  if (error instanceof MethodNotAllowedError) return { allow: error.allowed.join(", ") };
  return "challenge" in error && typeof error.challenge === "string" ? { "www-authenticate": error.challenge } : {};
}

/** Returns problem details (RFC 9457) with the code and, for an invalid request, the name of the parameter. Never with a value. */
export function problem(error: AnsweredError): Response {
  const status = statusOf(error.code);
  const parameter = (status === 400 || status === 404) && "parameter" in error ? { parameter: error.parameter } : {};
  return problemResponse({ title: TITLES[status], status, code: error.code, ...parameter }, headersOf(error));
}
