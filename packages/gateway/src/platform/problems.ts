/**
 * Every refusal of the gateway's own: one row for each kind. Responses, the error reference (`docs/errors.md`) and the `type` of a problem are
 * made from it. The code is `ERR_GHL_GATEWAY_` and the kind in capitals.
 */
export interface ProblemRow {
  readonly status: number;
  /** Summary in a few words; the same for every occurrence (RFC 9457 section 3.1.3). */
  readonly title: string;
  /** Cause of the refusal. */
  readonly cause: string;
  /** Instruction for the caller; part of every response's `detail`. */
  readonly remedy: string;
  /** `Retry-After` of a refusal that ends by itself, where the refusal does not know better. */
  readonly retryAfterMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export const PROBLEMS = {
  // Callers of /api
  api_key_missing: {
    status: 401,
    title: "An API key of the gateway is required",
    cause: "The request to /api carries no key.",
    remedy: "Send the key as X-Gateway-Key, or as a bearer token.",
    headers: { "www-authenticate": "Bearer" },
  },
  api_key_unknown: {
    status: 401,
    title: "The API key is unknown",
    cause: "The key is mistyped, was revoked, or belongs to another deployment.",
    remedy: "Create a key with POST /admin/api-keys, or add its hash to API_KEYS.",
    headers: { "www-authenticate": 'Bearer error="invalid_token"' },
  },
  api_key_scope: {
    status: 403,
    title: "The API key does not allow this call",
    cause: "The key is restricted to another app, to other locations or companies, or to reading.",
    remedy: "Use a key that allows the call, or create one.",
  },
  binding_props: {
    status: 403,
    title: "The props of the service binding do not allow this call",
    cause: "A prop of the calling Worker's binding is missing, unknown or malformed.",
    remedy: "Correct the props of the binding in the calling Worker's wrangler.jsonc.",
  },
  token_type: {
    status: 403,
    title: "The operation takes another type of token",
    cause:
      "HighLevel accepts tokens of locations, of companies, or private integration tokens, depending on the operation.",
    remedy: "The resource in the path decides the token: call /api/location/{id}/… or /api/company/{id}/….",
  },
  scope: {
    status: 403,
    title: "The installation lacks a scope of this operation",
    cause: "The app was installed without the scope, so HighLevel would refuse the call.",
    remedy: "Add the scope to the app at HighLevel and in APPS, then install the app again.",
  },
  route_unknown: {
    status: 404,
    title: "Route not found",
    cause: "The path names no route of the gateway.",
    remedy: "GET /openapi.json lists the admin API; docs/gateway/routes.md lists all routes.",
  },
  method_not_allowed: {
    status: 405,
    title: "The route takes another method",
    cause: "The path exists, but not with this method.",
    remedy: "Use a method of the Allow header.",
  },
  path_refused: {
    status: 400,
    title: "The path cannot be forwarded",
    cause: "The path has dot segments, empty segments or escapes of them, which HighLevel might read as another path.",
    remedy: "Call /api/location/{id}/… or /api/company/{id}/… with a path that is already normalized.",
  },
  operation_unknown: {
    status: 404,
    title: "Operation not found in HighLevel's documents",
    cause: "Neither generation of HighLevel's API documents has an operation with this method and path.",
    remedy: "Check method and path, for example with ghl-codegen find.",
  },
  operation_refused: {
    status: 403,
    title: "The gateway does not forward this operation",
    cause: "The operation answers with tokens, which must not leave the gateway.",
    remedy: "Let the gateway manage tokens: it mints and refreshes them for each call.",
  },
  header_invalid: {
    status: 400,
    title: "A header of the gateway cannot be read",
    cause: "An X-Gateway-… header has a value of another form.",
    remedy: "Send the header as docs/gateway/routes.md describes it, or leave it out.",
  },
  body_not_allowed: {
    status: 400,
    title: "A GET or HEAD request must have no body",
    cause: "HighLevel's operations with these methods take no body.",
    remedy: "Send the fields as query parameters.",
  },
  request_timeout: {
    status: 408,
    title: "The body of the request did not end in time",
    cause: "The sender was too slow, or the connection stalled.",
    remedy: "Send the request again.",
  },
  bodies_busy: {
    status: 429,
    title: "Too many large bodies are being read",
    cause: "Bodies of senders that have not proved who they are share a limited memory.",
    remedy: "Send the request again after Retry-After. Bodies of 64 KiB or less are always taken.",
  },
  too_many_requests: {
    status: 429,
    title: "Too many requests from this address",
    cause: "A limit per client address protects routes that cost an outside request or a read.",
    remedy: "Send the request again after Retry-After.",
  },

  // Tokens and limits
  not_installed: {
    status: 404,
    title: "The app is not installed at this location or company",
    cause: "The gateway has no token for it: the app was never installed there, was uninstalled, or the id is wrong.",
    remedy: "Install the app at /oauth/install, or check the id.",
  },
  install_pending: {
    status: 503,
    title: "The app is installed, but its code has not been exchanged yet",
    cause: "HighLevel's INSTALL event came before the browser returned with the code.",
    remedy: "Try again after Retry-After. If it stays so, install once more at /oauth/install.",
    retryAfterMs: 5_000,
  },
  suspended: {
    status: 403,
    title: "HighLevel has paused the location or its company",
    cause: "HighLevel refuses tokens of paused accounts.",
    remedy: "Nothing is lost: the installation works again once the account is active.",
  },
  misconfigured: {
    status: 502,
    title: "HighLevel refuses the app's configuration",
    cause: "Client id, client secret or scopes in APPS are not those of the app at HighLevel.",
    remedy: "The operator has to check client id, client secret and scopes.",
  },
  reauth_required: {
    status: 403,
    title: "The installation has to be authorized again",
    cause: "The refresh token is no longer valid at HighLevel, or what was stored can no longer be decrypted.",
    remedy: "Install the app again at /oauth/install.",
  },
  token_pending: {
    status: 503,
    title: "The access token is being refreshed",
    cause: "HighLevel's token endpoint has not answered yet.",
    remedy: "Try again after Retry-After.",
  },
  budget_exhausted: {
    status: 429,
    title: "The rate limit of this location or company is used up",
    cause: "All permits of the interval or of the day are taken, and the call may not wait longer.",
    remedy: "Try again after Retry-After, or allow a longer wait with X-Gateway-Max-Wait.",
  },
  object_unreachable: {
    status: 503,
    title: "The gateway's state cannot be reached",
    cause: "A Durable Object did not answer, for example while the platform moves it.",
    remedy: "Try again after Retry-After.",
    retryAfterMs: 1_000,
  },
  upstream_unreachable: {
    status: 502,
    title: "HighLevel gave no answer",
    cause: "The connection failed, timed out, or the answer was no HTTP response.",
    remedy: "Try again. A call that changes something may have been carried out.",
  },
  call_unsendable: {
    status: 500,
    title: "The gateway could not make a request of the call",
    cause: "This is a fault of the gateway.",
    remedy: "Nothing was sent to HighLevel. Report it with the request id.",
  },

  // Installing
  app_unknown: {
    status: 404,
    title: "App not found",
    cause: "APPS has no app of this name.",
    remedy: "Use a name of APPS, or add the app there.",
  },
  install_state: {
    status: 400,
    title: "This installation did not begin here, or too long ago",
    cause: "The state of the callback does not match the browser's cookie, or the cookie has expired.",
    remedy: "Begin again at /oauth/install.",
  },
  install_state_used: {
    status: 409,
    title: "This installation was finished or tried already",
    cause: "A state is good for one callback, and this one was used.",
    remedy: "If the app is not installed, begin again at /oauth/install.",
  },
  install_code: {
    status: 400,
    title: "The callback carries no code",
    cause: "The URL was opened without HighLevel's redirect, or the person declined.",
    remedy: "Begin again at /oauth/install.",
  },
  install_refused: {
    status: 502,
    title: "HighLevel gave no tokens for the code",
    cause: "The code was used or has expired, or client id, client secret or redirect URL are not the app's.",
    remedy: "Begin again at /oauth/install. If it stays so, check the app in APPS.",
  },
  install_superseded: {
    status: 409,
    title: "A newer installation or an uninstall has overtaken this one",
    cause: "The order of events says that these tokens are void.",
    remedy: "Nothing was stored. If the app is not installed, begin again at /oauth/install.",
  },

  // Webhooks
  webhook_too_large: {
    status: 413,
    title: "The body is too large",
    cause: "No event of HighLevel comes near this size.",
    remedy: "Send a smaller body.",
  },
  webhook_refused: {
    status: 401,
    title: "The request is not a signed webhook for this app",
    cause: "The signature is missing or wrong, or the event is about another app.",
    remedy: "Check the webhook URL at HighLevel, and WEBHOOK_PUBLIC_KEYS where it is set.",
  },
  webhook_unreadable: {
    status: 400,
    title: "The signed body cannot be read",
    cause: "The signature is right, but the body is not JSON, not an object, or nested too deeply.",
    remedy: "The body must be a JSON object of at most 64 levels. Report it with the request id if HighLevel sent it.",
  },
  webhook_not_stored: {
    status: 429,
    title: "The event could not be stored",
    cause: "Neither its inbox nor the queue could be reached, or the app is not in APPS.",
    remedy: "HighLevel delivers the event again by its own schedule.",
  },

  // Admin API
  admin_disabled: {
    status: 403,
    title: "The admin API is disabled",
    cause: "Neither ADMIN_KEYS nor ADMIN_ACCESS is configured.",
    remedy: "Configure one of them.",
  },
  admin_unauthenticated: {
    status: 401,
    title: "An admin key or a session of Cloudflare Access is required",
    cause: "The request carries neither, or one that is unknown or has expired.",
    remedy: "Send an admin key as a bearer token, or sign in through Cloudflare Access.",
    headers: { "www-authenticate": "Bearer" },
  },
  admin_forbidden: {
    status: 403,
    title: "The operator's role does not allow this action",
    cause: "Viewers read; the action needs another role.",
    remedy: "An admin can run the action, or change the role with PUT /admin/operators/{name}.",
  },
  access_unreachable: {
    status: 503,
    title: "The keys of Cloudflare Access cannot be fetched",
    cause: "The team's certificate endpoint did not answer.",
    remedy: "Try again after Retry-After, or use an admin key.",
    retryAfterMs: 5_000,
  },
  directory_unreachable: {
    status: 503,
    title: "The gateway's directory cannot be reached",
    cause: "D1 did not answer.",
    remedy: "Try again after Retry-After. Calls with keys of API_KEYS and webhooks are not affected.",
    retryAfterMs: 1_000,
  },
  not_in_directory: {
    status: 404,
    title: "Entry not found in the directory",
    cause: "It never existed, or was removed.",
    remedy: "List what exists, and check the id.",
  },
  input_invalid: {
    status: 400,
    title: "The request is not what this action takes",
    cause: "A field or parameter is missing, unknown, or of another form.",
    remedy: "GET /openapi.json describes every action's input.",
  },
  endpoint_disabled: {
    status: 409,
    title: "The endpoint is disabled",
    cause: "The gateway or an operator has disabled it, so nothing is sent to it.",
    remedy: "Enable it first.",
  },
  endpoints_full: {
    status: 409,
    title: "The app has as many endpoints as it may have",
    cause: "Each event is sent to all endpoints of its app, so their number is limited.",
    remedy: "Remove an endpoint, or raise endpoints.max of the app in APPS.",
  },
  nothing_pending: {
    status: 409,
    title: "No installation is waiting for approval there",
    cause: "It is approved already, was made void by a newer installation or an uninstall, or never was.",
    remedy: "GET /admin/installations/{app}/{kind}/{id} shows the state.",
  },
  uninstall_refused: {
    status: 502,
    title: "HighLevel did not confirm that it uninstalled the app",
    cause: "HighLevel answered with an error.",
    remedy: "The tokens are kept: try again, or without atHighLevel.",
  },
  uninstall_without_token: {
    status: 409,
    title: "The gateway has no token that HighLevel takes for the uninstall",
    cause: "The installation is waiting for approval, or its tokens are no longer valid.",
    remedy:
      "Approve the installation or authorize it again, then try again. Or leave out atHighLevel, and remove the app at HighLevel.",
  },

  // Marketplace and workflows
  marketplace_off: {
    status: 404,
    title: "This part is not configured for the app",
    cause: "The app has no such entry below marketplace in APPS.",
    remedy: "Add the entry to the app in APPS.",
  },
  user_context_refused: {
    status: 400,
    title: "The payload is not a user context of this app",
    cause: "It was encrypted with another shared secret, or was changed.",
    remedy: "Check marketplace.userContext of the app in APPS, and send the payload as HighLevel's page posts it.",
  },
  billing_redirect: {
    status: 400,
    title: "The URL is not a billing redirect for this app",
    cause: "A parameter of HighLevel's redirect is missing or malformed.",
    remedy: "Open the page from HighLevel's marketplace.",
  },
  workflow_refused: {
    status: 401,
    title: "The request does not carry the secret of a workflow receiver",
    cause: "The secret is missing or wrong, or the workflow receiver was removed.",
    remedy: "Copy the URL or header of the workflow receiver into the workflow again, or rotate its secret.",
  },
  workflow_location: {
    status: 403,
    title: "The workflow receiver is bound to another location",
    cause: "The request names a location that the workflow receiver does not serve.",
    remedy: "Create a workflow receiver for the location, or one that serves several.",
  },
  workflow_unreadable: {
    status: 400,
    title: "The request is not what a workflow sends to a workflow receiver of this kind",
    cause: "A field is missing or of another form.",
    remedy: "Check the workflow's action against the kind of the workflow receiver.",
  },
  workflow_unanswered: {
    status: 502,
    title: "The app gave no usable answer",
    cause: "The app's back end did not answer, or not in the form that HighLevel expects.",
    remedy: "Check the back end that is configured for this part of the app.",
  },

  // The gateway itself
  config: {
    status: 503,
    title: "The gateway's configuration is invalid",
    cause: "A variable or secret is missing or malformed.",
    remedy: "The log names the field and what was expected.",
    retryAfterMs: 60_000,
  },
  internal: {
    status: 500,
    title: "The gateway failed",
    cause: "This is a fault of the gateway.",
    remedy: "Report it with the request id.",
  },
} as const satisfies Readonly<Record<string, ProblemRow>>;

/** Name of a refusal. */
export type ProblemKind = keyof typeof PROBLEMS;

export type ProblemCode = `ERR_GHL_GATEWAY_${Uppercase<ProblemKind>}`;

/** Stable: callers decide by it. */
export const codeOf = (kind: ProblemKind): ProblemCode => `ERR_GHL_GATEWAY_${kind.toUpperCase()}` as ProblemCode;
