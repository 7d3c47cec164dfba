import type { ErrorEntries } from "../entry.ts";

export const OAUTH_ERRORS: ErrorEntries = {
  ERR_GHL_CONFIGURATION: {
    cause: "An option is invalid. Nothing was sent.",
    remedy: "The message names the option and what it must be.",
  },
  ERR_GHL_NETWORK: {
    cause: "No answer came. HighLevel may have carried the request out.",
    remedy: "The token manager tries again with the same refresh token by itself.",
  },
  ERR_GHL_TIMEOUT: {
    cause: "No whole answer came in time. HighLevel may have carried the request out.",
    remedy: "The token manager tries again with the same refresh token by itself.",
  },
  ERR_GHL_CALLBACK: {
    cause: "The redirect back from HighLevel has no code, or a `state` that is not yours.",
    remedy: "Begin the installation again. If it stays so, check that the state is stored until the callback.",
  },
  ERR_GHL_NOT_INSTALLED: {
    cause: "There are no tokens: the app was never installed, was uninstalled, or the code has not been exchanged yet.",
    remedy: "Install the app for this location or company.",
  },
  ERR_GHL_REAUTH_REQUIRED: {
    cause: "The refresh token is no longer valid at HighLevel. Calls have stopped.",
    remedy: "Somebody has to install the app again: send them to `authorizeUrl`.",
  },
  ERR_GHL_SUSPENDED: {
    cause: "HighLevel says that the location or company is not active. The token is kept.",
    remedy: "Nothing to do: it works again once the account is active.",
  },
  ERR_GHL_RENEWAL_CONFIGURATION: {
    cause: "HighLevel refuses the client id, the client secret or a parameter.",
    remedy: "Check the app's settings. The renewal is tried again at `retryAtMs`, and at once with other settings.",
  },
  ERR_GHL_TOKEN_UNAVAILABLE: {
    cause: "HighLevel did not answer within the time this caller would wait.",
    remedy: "Try again: the renewal goes on in the background.",
  },
  ERR_GHL_STORE: {
    cause: "The token store failed; `cause` is its error.",
    remedy: "Check the database or file behind the store.",
  },
  ERR_GHL_PAGINATION: {
    cause: "HighLevel sent the same page of installed locations again.",
    remedy: "Report it: paging would never end.",
  },
  ERR_GHL_RATE_LIMITED: {
    cause: "429: HighLevel limits the rate of these requests.",
    remedy: "The token manager tries again by itself, after the time that HighLevel named (`retryAfterMs`).",
  },
  ERR_GHL_UPSTREAM: {
    cause: "5xx, or 408. HighLevel may have carried the request out.",
    remedy: "The token manager tries again by itself.",
  },
  ERR_GHL_CUT_ANSWER: {
    cause: "The answer broke off, or is a success without tokens. The refresh token may have been used.",
    remedy: "The token manager sends the same refresh token again by itself.",
  },
  ERR_GHL_UNKNOWN_ANSWER: {
    cause:
      "A 4xx other than 401 whose body is not an error of HighLevel: it is empty, a page of a proxy, or JSON without `message`, `error` and `statusCode`. It says nothing about the grant.",
    remedy: "The token manager tries again by itself. If it stays so, check `baseUrl`, and any proxy in between.",
  },
  ERR_GHL_REFUSED: {
    cause:
      "HighLevel refused the request with an error that this package does not know. The status is none of 401, 403, 404, 405, 410 and 422.",
    remedy: "The token manager tries again by itself. If it stays so, report `status`, `endpoint` and `traceId`.",
  },
  ERR_GHL_LOCATION_NOT_ACTIVE: {
    cause: "HighLevel says that the location, agency or account is not active.",
    remedy: "Nothing to do: the tokens are kept until it is active.",
  },
  ERR_GHL_INVALID_GRANT: {
    cause: "HighLevel says that the refresh token is invalid: another process used it, or the app was uninstalled.",
    remedy: "Somebody has to install the app again. Make sure that only one process refreshes.",
  },
  ERR_GHL_CODE_NOT_FOUND: {
    cause: "The authorization code is invalid, was used already, or has expired.",
    remedy: "Begin the installation again. Exchange a code once.",
  },
  ERR_GHL_INVALID_CLIENT: {
    cause: "HighLevel refuses the client id or the client secret.",
    remedy: "Check both in the app's settings at HighLevel.",
  },
  ERR_GHL_MISSING_PARAMETER: {
    cause: "HighLevel says that a parameter of the token request is missing.",
    remedy: "Check `userType`, the redirect URL and the client settings.",
  },
  ERR_GHL_INVALID_PARAMETER: {
    cause: "HighLevel refuses a parameter of the token request, or its grant type.",
    remedy: "Check `userType`, the redirect URL and the client settings.",
  },
  ERR_GHL_VALIDATION: {
    cause: "422: HighLevel refuses a field of the request.",
    remedy:
      "Check the settings and ids of the request. `status`, `endpoint` and `traceId` identify the answer for HighLevel's support.",
  },
  ERR_GHL_REDIRECTED: {
    cause: "HighLevel or a proxy answered with a redirect, which is not followed: secrets go to one host only.",
    remedy: "Check `baseUrl`.",
  },
  ERR_GHL_ENDPOINT: {
    cause: "HighLevel says that the endpoint does not exist, or not in this `Version`.",
    remedy: "Check `baseUrl`, and update the package.",
  },
  ERR_GHL_NOT_FOUND: {
    cause:
      "404, 405 or 410. Of a 404, the usual cause is a location or company that does not exist for this company's token.",
    remedy: "Check the ids. After 405 or 410, check `baseUrl` and update the package.",
  },
  ERR_GHL_VERSION_HEADER: {
    cause: "HighLevel refuses the `Version` header.",
    remedy: "Update the package.",
  },
  ERR_GHL_ACCESS_TOKEN_INVALID: {
    cause: "401: the access token is invalid or has expired. A 401 counts as this unless its text names another cause.",
    remedy: "Report it to the token manager with `rejectedToken`: the next call gets another token.",
  },
  ERR_GHL_SCOPE: {
    cause: "The token lacks a scope.",
    remedy: "Add the scope to the app and install it again.",
  },
  ERR_GHL_USER_TYPE: {
    cause: "The token's user type, Company or Location, is not the one that the request needs.",
    remedy: "Use a token of the other kind.",
  },
  ERR_GHL_LOCATION_ACCESS: {
    cause: "The token has no access to this location.",
    remedy: "Install the app for the location, or check the id.",
  },
  ERR_GHL_AUTH_CLASS: {
    cause: "The operation does not accept this type of token.",
    remedy: "The operation's `tokens` say which types it accepts.",
  },
  ERR_GHL_FORBIDDEN: {
    cause: "403 for a reason that this package does not know.",
    remedy:
      "Check the app's rights at HighLevel. `status`, `endpoint` and `traceId` identify the answer for its support.",
  },
};
