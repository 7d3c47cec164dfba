import type { ErrorEntries } from "../entry.ts";

export const CLIENT_ERRORS: ErrorEntries = {
  ERR_GHL_CONFIGURATION: {
    cause:
      "An option of `createClient` or of a call is invalid, the token provider gave no token, or a header cannot be sent. Nothing was sent.",
    remedy: "The message names the option and what it must be.",
  },
  ERR_GHL_PARAMETER: {
    cause: "A parameter is missing, or cannot be written into the path, the query or the body. Nothing was sent.",
    remedy: "The message names the parameter. Types catch most of these before they run.",
  },
  ERR_GHL_TENANT_REQUIRED: {
    cause:
      "The operation needs a location or a company, and neither the parameters nor the handle name one. Nothing was sent.",
    remedy: "Call it on `client.location(id)` or `client.company(id)`, or pass the id as a parameter.",
  },
  ERR_GHL_NETWORK: {
    cause:
      "No answer came, or only a part of one: no connection, no such host, or a connection that broke. HighLevel may have carried the request out.",
    remedy:
      "Reads can be repeated. Before you repeat a write, check whether it took effect. `cause` is the error of `fetch`.",
  },
  ERR_GHL_TIMEOUT: {
    cause: "`timeoutMs` or `deadlineMs` passed. HighLevel may have carried the request out.",
    remedy: "Allow more time, or check whether a write took effect before you repeat it.",
  },
  ERR_GHL_INVALID_RESPONSE: {
    cause:
      "A 2xx answer is not what the document promises: text where JSON should be, or nothing at all. The request was very likely carried out.",
    remedy: "A proxy in between is the usual cause: check `baseUrl`.",
  },
  ERR_GHL_PAGINATION: {
    cause:
      "The server sent the same page or cursor again, or something that is not a list. Going on would lose items or never end.",
    remedy: "Report it with the operation's name. Until then, pass the page parameters yourself.",
  },
  ERR_GHL_API: {
    cause: "HighLevel answered with a status that has no class of its own, such as 304, 409 or 413.",
    remedy: "`status` and `messages` hold HighLevel's answer.",
  },
  ERR_GHL_REDIRECT: {
    cause:
      "HighLevel, or a proxy, answered with a redirect. It is not followed, because a token goes to one host only.",
    remedy: "Check `baseUrl`.",
  },
  ERR_GHL_BAD_REQUEST: {
    cause: "400: the request is malformed, or HighLevel does not accept a parameter.",
    remedy: "`messages` holds what HighLevel objects to.",
  },
  ERR_GHL_AUTHENTICATION: {
    cause:
      "401: the token is invalid, has expired, is of the wrong type, or lacks the scope. HighLevel uses 401 for all of these.",
    remedy: "`messages` distinguishes them; `scopes` of the error lists what the operation needs.",
  },
  ERR_GHL_PERMISSION: {
    cause: "403: the token may not do this, or not for this location.",
    remedy: "Use a token of the location, and check the scopes of the app.",
  },
  ERR_GHL_NOT_FOUND: {
    cause: "404: HighLevel has no such record, or no such route in the `Version` that was sent.",
    remedy: "Check the id, and that it belongs to the location of the token.",
  },
  ERR_GHL_VALIDATION: {
    cause: "422: HighLevel refuses fields of the request.",
    remedy: "`messages` has one text for each field.",
  },
  ERR_GHL_RATE_LIMIT: {
    cause: "429 after all retries: the limit of ten seconds or of the day is used up.",
    remedy:
      "`rateLimit.scope` says which. Use a limiter (`@ghl-edge/rate-limit`) or the gateway, so that all callers share one budget.",
  },
  ERR_GHL_SERVER: {
    cause: "5xx, after the retries that an idempotent call gets. HighLevel may have carried the request out.",
    remedy: "Try again later. Before you repeat a write, check whether it took effect.",
  },
};
