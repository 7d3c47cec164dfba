import type { RateLimits } from "@ghl-edge/rate-limit";
import { spentHeaders } from "../domain/budget.ts";
import { type MarketplaceReason, marketplaceProblem } from "./errors-marketplace.ts";
import type { Problem } from "./problem.ts";

/**
 * Why the gateway itself refused, and what the caller learns of it: RFC 9457 problem details with a stable `code`. A
 * reason without a row does not compile. HighLevel's own errors never come through here; they pass untouched.
 */
export type Reason =
  | { readonly kind: "api_key_missing" }
  | { readonly kind: "api_key_unknown" }
  | { readonly kind: "api_key_scope"; readonly problem: string }
  | { readonly kind: "binding_props"; readonly needs: string }
  | { readonly kind: "admin_disabled" }
  | { readonly kind: "admin_unauthenticated" }
  | { readonly kind: "admin_forbidden"; readonly needs: string }
  | { readonly kind: "access_unreachable" }
  | { readonly kind: "directory_unreachable" }
  | { readonly kind: "not_in_directory"; readonly what: string }
  | { readonly kind: "input_invalid"; readonly problem: string }
  | { readonly kind: "endpoint_disabled"; readonly because: string }
  | { readonly kind: "endpoints_full"; readonly app: string; readonly max: number }
  | { readonly kind: "route_unknown" }
  | { readonly kind: "path_refused" }
  | { readonly kind: "operation_unknown" }
  | { readonly kind: "operation_refused"; readonly operation: string }
  | { readonly kind: "token_kind"; readonly operation: string; readonly needs: readonly string[] }
  | {
      readonly kind: "scope";
      readonly operation: string;
      readonly needs: readonly string[];
      readonly granted: readonly string[];
    }
  | { readonly kind: "header_invalid"; readonly header: string; readonly takes: string }
  | { readonly kind: "body_not_allowed"; readonly method: string }
  | { readonly kind: "request_timeout"; readonly timeoutMs: number }
  | { readonly kind: "call_unsendable" }
  | { readonly kind: "not_installed" }
  | { readonly kind: "install_pending" }
  | { readonly kind: "suspended" }
  | { readonly kind: "misconfigured"; readonly answerCode?: string | undefined }
  | { readonly kind: "reauth_required" }
  | { readonly kind: "token_pending"; readonly retryAfterMs: number }
  | {
      readonly kind: "budget_exhausted";
      readonly limit: "burst" | "daily";
      readonly retryAfterMs: number;
      /** The app's. */
      readonly limits: RateLimits;
    }
  | { readonly kind: "object_unreachable" }
  | { readonly kind: "upstream_unreachable" }
  | { readonly kind: "app_unknown" }
  | { readonly kind: "install_state" }
  | { readonly kind: "install_state_used" }
  | { readonly kind: "install_code" }
  | { readonly kind: "install_refused"; readonly outcome: string }
  | { readonly kind: "install_superseded" }
  | { readonly kind: "nothing_held" }
  | { readonly kind: "uninstall_refused"; readonly answerStatus: number }
  | { readonly kind: "uninstall_without_token" }
  | { readonly kind: "method_not_allowed"; readonly allow: string }
  | { readonly kind: "webhook_too_large"; readonly maxBytes: number }
  | { readonly kind: "webhook_refused" }
  | { readonly kind: "webhook_unreadable" }
  | { readonly kind: "webhook_not_stored"; readonly retryAfterMs: number }
  | { readonly kind: "bodies_busy"; readonly retryAfterMs: number }
  | { readonly kind: "too_many_requests"; readonly retryAfterMs: number }
  | { readonly kind: "configuration_invalid" }
  | { readonly kind: "internal" }
  | MarketplaceReason;

function problemOf(reason: Reason): Problem {
  switch (reason.kind) {
    case "api_key_missing":
      return {
        status: 401,
        code: "ERR_GHL_GATEWAY_API_KEY_MISSING",
        title: "An API key of the gateway is needed",
        detail: "Send it as X-Gateway-Key, or as bearer token.",
        headers: { "www-authenticate": "Bearer" },
      };
    case "api_key_unknown":
      return {
        status: 401,
        code: "ERR_GHL_GATEWAY_API_KEY_UNKNOWN",
        title: "The API key is not known",
        headers: { "www-authenticate": 'Bearer error="invalid_token"' },
      };
    case "api_key_scope":
      return {
        status: 403,
        code: "ERR_GHL_GATEWAY_API_KEY_SCOPE",
        title: "The API key does not reach that far",
        detail: reason.problem,
      };
    case "binding_props":
      return {
        status: 403,
        code: "ERR_GHL_GATEWAY_BINDING_PROPS",
        title: "The props of the service binding do not allow this",
        detail: `They lack ${reason.needs}.`,
      };
    case "admin_disabled":
      return {
        status: 403,
        code: "ERR_GHL_GATEWAY_ADMIN_DISABLED",
        title: "The admin API is switched off",
        detail: "It is on where ADMIN_KEYS or ADMIN_ACCESS is configured.",
      };
    case "admin_unauthenticated":
      return {
        status: 401,
        code: "ERR_GHL_GATEWAY_ADMIN_UNAUTHENTICATED",
        title: "An admin key or a session of Cloudflare Access is needed",
        headers: { "www-authenticate": "Bearer" },
      };
    case "admin_forbidden":
      return {
        status: 403,
        code: "ERR_GHL_GATEWAY_ADMIN_FORBIDDEN",
        title: "The operator may not do this",
        detail: `It takes the role ${reason.needs}.`,
      };
    case "access_unreachable":
      return {
        status: 503,
        code: "ERR_GHL_GATEWAY_ACCESS_UNREACHABLE",
        title: "The keys of Cloudflare Access cannot be fetched",
        retryAfterMs: 5_000,
      };
    case "directory_unreachable":
      return {
        status: 503,
        code: "ERR_GHL_GATEWAY_DIRECTORY_UNREACHABLE",
        title: "The gateway's directory cannot be reached",
        retryAfterMs: 1_000,
      };
    case "not_in_directory":
      return {
        status: 404,
        code: "ERR_GHL_GATEWAY_NOT_IN_DIRECTORY",
        title: "The directory knows no such entry",
        detail: `There is no such ${reason.what}.`,
      };
    case "input_invalid":
      return {
        status: 400,
        code: "ERR_GHL_GATEWAY_INPUT_INVALID",
        title: "The request is not what this operation takes",
        detail: `${reason.problem}.`,
      };
    case "endpoint_disabled":
      return {
        status: 409,
        code: "ERR_GHL_GATEWAY_ENDPOINT_DISABLED",
        title: "The endpoint is disabled: it is sent nothing",
        detail: `Because: ${reason.because}. Enable it first.`,
      };
    case "endpoints_full":
      return {
        status: 409,
        code: "ERR_GHL_GATEWAY_ENDPOINTS_FULL",
        title: "The app has as many endpoints as it may have",
        detail: `App ${reason.app} may have ${reason.max}, because each event is sent to all of them. Remove one, or raise endpoints.max of the app in APPS.`,
      };
    case "route_unknown":
      return { status: 404, code: "ERR_GHL_GATEWAY_ROUTE_UNKNOWN", title: "The gateway has no such route" };
    case "path_refused":
      return {
        status: 400,
        code: "ERR_GHL_GATEWAY_PATH_REFUSED",
        title: "The path is not one the gateway forwards",
        detail:
          "It takes /api/location/{id}/… and /api/company/{id}/… without dot segments, empty segments or escapes of them.",
      };
    case "operation_unknown":
      return {
        status: 404,
        code: "ERR_GHL_GATEWAY_OPERATION_UNKNOWN",
        title: "HighLevel's documents know no such operation",
      };
    case "operation_refused":
      return {
        status: 403,
        code: "ERR_GHL_GATEWAY_OPERATION_REFUSED",
        title: "The gateway does not forward this operation",
        detail: `${reason.operation} answers with token material.`,
      };
    case "token_kind":
      return {
        status: 403,
        code: "ERR_GHL_GATEWAY_TOKEN_KIND",
        title: "The operation takes another kind of token",
        detail: `${reason.operation} takes: ${reason.needs.join(", ")}. The resource in the path decides the token: /api/location/{id}/… or /api/company/{id}/….`,
      };
    case "scope":
      return {
        status: 403,
        code: "ERR_GHL_GATEWAY_SCOPE",
        title: "The installation lacks the scope of this operation",
        detail: `${reason.operation} needs one of: ${reason.needs.join(" ")}. Granted: ${reason.granted.join(" ")}. Add it to the app's scopes, then install again.`,
      };
    case "header_invalid":
      return {
        status: 400,
        code: "ERR_GHL_GATEWAY_HEADER_INVALID",
        title: "A header of the gateway cannot be read",
        detail: `${reason.header} takes ${reason.takes}.`,
      };
    case "not_installed":
      return { status: 404, code: "ERR_GHL_GATEWAY_NOT_INSTALLED", title: "The app is not installed there" };
    case "install_pending":
      return {
        status: 503,
        code: "ERR_GHL_GATEWAY_INSTALL_PENDING",
        title: "The app is installed, but its code has not been exchanged yet",
        detail: "If it stays so, install once more at /oauth/install.",
        retryAfterMs: 5_000,
      };
    case "suspended":
      return {
        status: 403,
        code: "ERR_GHL_GATEWAY_SUSPENDED",
        title: "HighLevel has paused the location or its company",
        detail: "The installation is kept and works again by itself once it is active.",
      };
    case "misconfigured":
      return {
        status: 502,
        code: "ERR_GHL_GATEWAY_MISCONFIGURED",
        title: "HighLevel refuses the app's configuration",
        detail: `Its operator has to check client id, secret and scopes${reason.answerCode === undefined ? "" : ` (${reason.answerCode})`}.`,
      };
    case "reauth_required":
      return {
        status: 403,
        code: "ERR_GHL_GATEWAY_REAUTH_REQUIRED",
        title: "The installation has to be authorized anew",
      };
    case "token_pending":
      return {
        status: 503,
        code: "ERR_GHL_GATEWAY_TOKEN_PENDING",
        title: "The access token is being refreshed",
        retryAfterMs: reason.retryAfterMs,
      };
    case "budget_exhausted":
      return {
        status: 429,
        code: "ERR_GHL_GATEWAY_BUDGET_EXHAUSTED",
        title: `The ${reason.limit} rate budget of this location or company is used up`,
        retryAfterMs: reason.retryAfterMs,
        headers: spentHeaders(reason.limits, reason.limit),
      };
    case "object_unreachable":
      return {
        status: 503,
        code: "ERR_GHL_GATEWAY_OBJECT_UNREACHABLE",
        title: "The gateway's state cannot be reached",
        retryAfterMs: 1_000,
      };
    case "upstream_unreachable":
      return { status: 502, code: "ERR_GHL_GATEWAY_UPSTREAM_UNREACHABLE", title: "HighLevel gave no answer" };
    case "call_unsendable":
      return {
        status: 500,
        code: "ERR_GHL_GATEWAY_CALL_UNSENDABLE",
        title: "The gateway could not make a request of the call; nothing was sent",
      };
    case "body_not_allowed":
      return {
        status: 400,
        code: "ERR_GHL_GATEWAY_BODY_NOT_ALLOWED",
        title: `A ${reason.method} request must have no body`,
      };
    case "request_timeout":
      return {
        status: 408,
        code: "ERR_GHL_GATEWAY_REQUEST_TIMEOUT",
        title: "The body of the request did not end in time",
        detail: `The whole body must arrive within ${reason.timeoutMs / 1_000} s.`,
      };
    case "app_unknown":
      return { status: 404, code: "ERR_GHL_GATEWAY_APP_UNKNOWN", title: "The gateway has no app of this name" };
    case "install_state":
      return {
        status: 400,
        code: "ERR_GHL_GATEWAY_INSTALL_STATE",
        title: "This installation did not begin here, or too long ago",
        detail: "Begin again at /oauth/install.",
      };
    case "install_state_used":
      return {
        status: 409,
        code: "ERR_GHL_GATEWAY_INSTALL_STATE_USED",
        title: "This installation was finished or tried already",
        detail: "A state is good for one callback. If the app is not installed, begin again at /oauth/install.",
      };
    case "install_code":
      return { status: 400, code: "ERR_GHL_GATEWAY_INSTALL_CODE", title: "The callback carries no code" };
    case "install_refused":
      return {
        status: 502,
        code: "ERR_GHL_GATEWAY_INSTALL_REFUSED",
        title: "HighLevel gave no tokens for the code",
        detail: `Outcome: ${reason.outcome}. Begin again at /oauth/install.`,
      };
    case "install_superseded":
      return {
        status: 409,
        code: "ERR_GHL_GATEWAY_INSTALL_SUPERSEDED",
        title: "A newer installation or an uninstall has overtaken this one",
        detail: "Nothing was stored. If the app is not installed, begin again at /oauth/install.",
      };
    case "nothing_held":
      return {
        status: 409,
        code: "ERR_GHL_GATEWAY_NOTHING_HELD",
        title: "No installation is held there",
        detail: "It is approved already, was made void by a newer installation or an uninstall, or never was.",
      };
    case "uninstall_refused":
      return {
        status: 502,
        code: "ERR_GHL_GATEWAY_UNINSTALL_REFUSED",
        title: "HighLevel did not confirm that it uninstalled the app",
        detail: `It answered with ${reason.answerStatus}. The tokens are kept: ask again, or without atHighLevel.`,
      };
    case "uninstall_without_token":
      return {
        status: 409,
        code: "ERR_GHL_GATEWAY_UNINSTALL_WITHOUT_TOKEN",
        title: "The gateway has no token that HighLevel takes for the uninstall",
        detail:
          "Approve what is held, or authorize anew, and ask again; or ask without atHighLevel, and remove the app at HighLevel.",
      };
    case "method_not_allowed":
      return {
        status: 405,
        code: "ERR_GHL_GATEWAY_METHOD_NOT_ALLOWED",
        title: "The route takes another method",
        headers: { allow: reason.allow },
      };
    case "webhook_too_large":
      return {
        status: 413,
        code: "ERR_GHL_GATEWAY_WEBHOOK_TOO_LARGE",
        title: "The body is too large",
        detail: `At most ${reason.maxBytes} bytes.`,
      };
    case "webhook_refused":
      return {
        status: 401,
        code: "ERR_GHL_GATEWAY_WEBHOOK_REFUSED",
        title: "The request is not a signed webhook for this app",
      };
    case "webhook_unreadable":
      return {
        status: 400,
        code: "ERR_GHL_GATEWAY_WEBHOOK_UNREADABLE",
        title: "The body is signed but is not a JSON object of at most 64 levels",
      };
    case "webhook_not_stored":
      return {
        status: 429,
        code: "ERR_GHL_GATEWAY_WEBHOOK_NOT_STORED",
        title: "The event could not be stored; send it again",
        retryAfterMs: reason.retryAfterMs,
      };
    case "bodies_busy":
      return {
        status: 429,
        code: "ERR_GHL_GATEWAY_BODIES_BUSY",
        title: "Too many large bodies are being read; one of 64 KiB or less is taken",
        retryAfterMs: reason.retryAfterMs,
      };
    case "too_many_requests":
      return {
        status: 429,
        code: "ERR_GHL_GATEWAY_TOO_MANY_REQUESTS",
        title: "Too many requests from this address",
        retryAfterMs: reason.retryAfterMs,
      };
    case "configuration_invalid":
      return {
        status: 503,
        code: "ERR_GHL_GATEWAY_CONFIG",
        title: "The gateway's configuration cannot work",
        detail: "The log names the field and what was expected.",
        retryAfterMs: 60_000,
      };
    case "internal":
      return { status: 500, code: "ERR_GHL_GATEWAY_INTERNAL", title: "Something went wrong in the gateway" };
    default:
      return marketplaceProblem(reason);
  }
}

/** Thrown by routes and middleware; turned into a response in one place. */
export class GatewayError extends Error {
  override readonly name = "GatewayError";
  readonly reason: Reason;
  readonly code: string;
  /** @param options.cause what went wrong inside; of it only the name is logged, because a message may quote a value */
  constructor(reason: Reason, options?: { readonly cause: unknown }) {
    const { title, code } = problemOf(reason);
    super(title, options);
    this.reason = reason;
    this.code = code;
  }
}

/** @see RFC 9457 section 3 */
export interface ProblemDetails {
  readonly type: "about:blank";
  readonly title: string;
  /** The title again: what clients of HighLevel's read from an error. */
  readonly message: string;
  readonly status: number;
  /** Stable: decide by it. */
  readonly code: string;
  readonly detail?: string;
  readonly requestId: string;
}

export function problemDetails(reason: Reason, requestId: string): ProblemDetails {
  const { status, code, title, detail } = problemOf(reason);
  return {
    type: "about:blank",
    title,
    message: title,
    status,
    code,
    ...(detail === undefined ? {} : { detail }),
    requestId,
  };
}

export function problemResponse(reason: Reason, requestId: string): Response {
  const { status, retryAfterMs, headers } = problemOf(reason);
  const body = problemDetails(reason, requestId);
  const retryAfter =
    retryAfterMs === undefined ? {} : { "retry-after": String(Math.max(1, Math.ceil(retryAfterMs / 1000))) };
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      "x-gateway-request-id": requestId,
      ...retryAfter,
      ...headers,
    },
  });
}
