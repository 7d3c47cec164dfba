import { problemDetails as completeProblem, retryAfterValue, problemResponse as writeProblem } from "@ghl-edge/core";
import type { RateLimits } from "@ghl-edge/rate-limit";
import { spentHeaders } from "../domain/limits/budget.ts";
import { codeOf, PROBLEMS, type ProblemCode, type ProblemKind, type ProblemRow } from "./problems.ts";

/** Fields of a refusal besides its kind. */
interface ReasonFields {
  api_key_scope: { readonly problem: string };
  binding_props: { readonly problem: string };
  token_type: { readonly operation: string; readonly needs: readonly string[] };
  scope: { readonly operation: string; readonly needs: readonly string[]; readonly granted: readonly string[] };
  method_not_allowed: { readonly allow: string };
  operation_refused: { readonly operation: string };
  header_invalid: { readonly header: string; readonly takes: string };
  request_timeout: { readonly timeoutMs: number };
  bodies_busy: { readonly retryAfterMs: number };
  too_many_requests: { readonly retryAfterMs: number };
  misconfigured: { readonly answerCode?: string | undefined };
  token_pending: { readonly retryAfterMs: number };
  budget_exhausted: {
    readonly limit: "burst" | "daily";
    readonly retryAfterMs: number;
    /** The app's rate limits. */
    readonly limits: RateLimits;
  };
  install_refused: { readonly outcome: string };
  webhook_too_large: { readonly maxBytes: number };
  webhook_not_stored: { readonly retryAfterMs: number };
  admin_forbidden: { readonly needs: string };
  not_in_directory: { readonly what: string };
  input_invalid: { readonly problem: string };
  endpoint_disabled: { readonly because: string };
  endpoints_full: { readonly app: string; readonly max: number };
  uninstall_refused: { readonly answerStatus: number };
  marketplace_off: { readonly part: string };
  billing_redirect: { readonly parameter: string | undefined };
  workflow_unreadable: { readonly parameter: string | undefined };
}

/** The reason of a refusal by the gateway itself. HighLevel's own errors pass unchanged. */
export type Reason = {
  [Kind in ProblemKind]: { readonly kind: Kind } & (Kind extends keyof ReasonFields ? ReasonFields[Kind] : unknown);
}[ProblemKind];

/** The name of a parameter, never its value. */
const parameterNamed = ({ parameter }: { readonly parameter: string | undefined }): string | undefined =>
  parameter === undefined ? undefined : `The parameter is ${parameter}.`;

/** Words the part of a detail that is specific to one occurrence. The row's remedy follows it. */
const PARTICULARS: { readonly [Kind in keyof ReasonFields]?: (fields: ReasonFields[Kind]) => string | undefined } = {
  api_key_scope: ({ problem }) => problem,
  binding_props: ({ problem }) => `${problem}.`,
  token_type: ({ operation, needs }) => `${operation} takes: ${needs.join(", ")}.`,
  scope: ({ operation, needs, granted }) =>
    `${operation} needs one of: ${needs.join(" ")}. Granted: ${granted.join(" ")}.`,
  operation_refused: ({ operation }) => `${operation} answers with tokens.`,
  header_invalid: ({ header, takes }) => `${header} must be ${takes}.`,
  request_timeout: ({ timeoutMs }) => `The whole body must arrive within ${timeoutMs / 1_000} s.`,
  misconfigured: ({ answerCode }) => (answerCode === undefined ? undefined : `HighLevel answered with ${answerCode}.`),
  budget_exhausted: ({ limit }) => `The ${limit} limit is used up.`,
  install_refused: ({ outcome }) => `The outcome is ${outcome}.`,
  webhook_too_large: ({ maxBytes }) => `The body must have at most ${maxBytes} bytes.`,
  admin_forbidden: ({ needs }) => `The action needs the role ${needs}.`,
  not_in_directory: ({ what }) => `${what} not found.`,
  input_invalid: ({ problem }) => (problem.endsWith("?") ? problem : `${problem}.`),
  endpoint_disabled: ({ because }) => `It was disabled because: ${because}.`,
  endpoints_full: ({ app, max }) => `App ${app} may have ${max}.`,
  uninstall_refused: ({ answerStatus }) => `HighLevel answered with status ${answerStatus}.`,
  marketplace_off: ({ part }) => `APPS has no marketplace.${part} for the app.`,
  billing_redirect: parameterNamed,
  workflow_unreadable: parameterNamed,
};

/** Kinds whose specific part also says what would be right, so that no remedy follows. */
const SAYS_WHAT_IS_RIGHT: ReadonlySet<ProblemKind> = new Set<ProblemKind>([
  "input_invalid",
  "header_invalid",
  "admin_forbidden",
]);

function detailOf(reason: Reason): string {
  const particular = (
    PARTICULARS[reason.kind as keyof ReasonFields] as ((reason: Reason) => string | undefined) | undefined
  )?.(reason);
  const { remedy } = PROBLEMS[reason.kind];
  if (particular === undefined) return remedy;
  return SAYS_WHAT_IS_RIGHT.has(reason.kind) ? particular : `${particular} ${remedy}`;
}

/** Thrown by routes and services; turned into a response in one place. */
export class GatewayError extends Error {
  override readonly name = "GatewayError";
  readonly reason: Reason;
  readonly code: ProblemCode;
  /** @param options.cause - What went wrong inside; of it only the name is logged, because a message may quote a value */
  constructor(reason: Reason, options?: { readonly cause: unknown }) {
    super(PROBLEMS[reason.kind].title, options);
    this.reason = reason;
    this.code = codeOf(reason.kind);
  }
}

/** @see RFC 9457 section 3 */
export interface ProblemDetails {
  /** URL of the code's entry in the error reference. */
  readonly type: string;
  readonly title: string;
  /** The title again: what clients of HighLevel's read from an error. */
  readonly message: string;
  readonly status: number;
  /** Stable: decide by it. */
  readonly code: ProblemCode;
  /** The fault of this occurrence and the remedy. */
  readonly detail: string;
  readonly requestId: string;
}

function fieldsOf(reason: Reason, requestId: string): Omit<ProblemDetails, "type"> {
  const { status, title } = PROBLEMS[reason.kind];
  return { title, message: title, status, code: codeOf(reason.kind), detail: detailOf(reason), requestId };
}

export function problemDetails(reason: Reason, requestId: string): ProblemDetails {
  return completeProblem(fieldsOf(reason, requestId));
}

function headersOf(reason: Reason): Record<string, string> {
  const row: ProblemRow = PROBLEMS[reason.kind];
  const retryAfterMs = "retryAfterMs" in reason ? reason.retryAfterMs : row.retryAfterMs;
  return {
    ...row.headers,
    ...(retryAfterMs === undefined ? {} : { "retry-after": retryAfterValue(retryAfterMs) }),
    ...(reason.kind === "method_not_allowed" ? { allow: reason.allow } : {}),
    ...(reason.kind === "budget_exhausted" ? spentHeaders(reason.limits, reason.limit) : {}),
  };
}

export function problemResponse(reason: Reason, requestId: string): Response {
  return writeProblem(fieldsOf(reason, requestId), { "x-gateway-request-id": requestId, ...headersOf(reason) });
}
