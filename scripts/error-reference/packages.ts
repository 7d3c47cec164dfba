/** What the packages' error codes mean and what to do. The gateway's own codes stand in its table of problems. */
export interface ErrorEntry {
  readonly cause: string;
  readonly remedy: string;
}

/** Codes of the gateway that are not refusals of a request: of attempts to deliver, of questions to an app's back end, of reports. */
export const GATEWAY_REPORT_CODES: Readonly<Record<string, ErrorEntry>> = {
  ERR_GHL_GATEWAY_EVENT_FILTER: {
    cause: "An endpoint's event filter is invalid.",
    remedy: "The message names the place in the filter and what is allowed there.",
  },
  ERR_GHL_GATEWAY_RECEIVER_TIMEOUT: {
    cause: "The endpoint, or the app's back end, did not answer in time.",
    remedy: "Answer first and work afterwards. The delivery is tried again.",
  },
  ERR_GHL_GATEWAY_RECEIVER_UNREACHABLE: {
    cause: "The endpoint, or the app's back end, could not be reached.",
    remedy: "Check its address and that it runs. The delivery is tried again.",
  },
  ERR_GHL_GATEWAY_RECEIVER_UNBOUND: {
    cause: "The deployment has no binding of this name.",
    remedy: "Add `RECEIVER_QUEUE_<name>` or `RECEIVER_SERVICE_<name>` to wrangler.jsonc.",
  },
  ERR_GHL_GATEWAY_RECEIVER_TOO_LARGE: {
    cause: "The event is larger than what the destination takes.",
    remedy: "Deliver such events to an endpoint of kind `https`.",
  },
  ERR_GHL_GATEWAY_RECEIVER_REFUSED: {
    cause: "The app's back end answered with an error status.",
    remedy: "Check the back end's log for the request.",
  },
  ERR_GHL_GATEWAY_RECEIVER_UNREADABLE: {
    cause: "The app's back end answered with something that is not the documented answer.",
    remedy: "Compare the answer with the gateway's README.",
  },
  ERR_GHL_GATEWAY_SEAL_BROKEN: {
    cause: "A stored secret cannot be decrypted: its key is missing from TOKEN_KEYS, or is another one.",
    remedy: "Add the key again. Where it is lost, install the app again or rotate the secret.",
  },
  ERR_GHL_GATEWAY_UPSTREAM_UNREADABLE: {
    cause: "HighLevel's answer to a reconcile question is not what its documents say.",
    remedy: "Report it with the module's name; the other modules are not affected.",
  },
};

/** By package, then by code. A code that two packages share (`ERR_GHL_CONFIGURATION`) has an entry in each. */
export const PACKAGE_ERRORS: Readonly<Record<string, Readonly<Record<string, ErrorEntry>>>> = {
  client: {
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
        "401: the token is invalid, has ended, is of the wrong kind, or lacks the scope. HighLevel uses 401 for all of these.",
      remedy: "`messages` tells them apart; `scopes` of the error lists what the operation needs.",
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
  },
  webhooks: {
    ERR_GHL_WEBHOOK_CONFIGURATION: {
      cause:
        "An option is invalid: a key of no known form, nothing to verify with, a negative time. Thrown before any request.",
      remedy: "The message names the option and what it must be.",
    },
    ERR_GHL_WEBHOOK_SIGNATURE_MISSING: {
      cause: "The request has no signature header of a scheme that is enabled.",
      remedy:
        "Requests of others than HighLevel look like this. If HighLevel sent it, check that no proxy drops `X-GHL-Signature`.",
    },
    ERR_GHL_WEBHOOK_SIGNATURE_MALFORMED: {
      cause: "The header is not the encoding of a signature: cut, sent twice, or something else.",
      remedy: "Check that proxies pass the header on unchanged.",
    },
    ERR_GHL_WEBHOOK_SIGNATURE_MISMATCH: {
      cause:
        "No key made this signature over these bytes: a forgery, another key, or a body that was parsed and written again on its way.",
      remedy: "Hand over the raw bytes: no body parser may run before the handler.",
    },
    ERR_GHL_WEBHOOK_TIMESTAMP_MISSING: {
      cause: "The event is genuine, but `requireTimestamp` is set and the body has no `timestamp` that is a date.",
      remedy: "Turn `requireTimestamp` off for events that HighLevel does not date, or handle them in `onStale`.",
    },
    ERR_GHL_WEBHOOK_TIMESTAMP_OUTSIDE_WINDOW: {
      cause:
        "The event is genuine, but was signed too long ago or in the future: a replay, a very late redelivery, or a wrong clock.",
      remedy: "Check the clock. A larger `toleranceMs` takes late redeliveries; `onStale` gets the event.",
    },
    ERR_GHL_WEBHOOK_APP_MISSING: {
      cause: "The event is genuine, but `requireAppId` is set and the body names no app.",
      remedy: 'Set `requireAppId` to "where-documented" if you need events that name no app.',
    },
    ERR_GHL_WEBHOOK_APP_MISMATCH: {
      cause: "HighLevel signed the event for another app: every app's events are signed with one key.",
      remedy: "Check `appId` and the webhook URL of the app. Never act on such an event.",
    },
    ERR_GHL_WEBHOOK_NOT_JSON: {
      cause: "The body is genuine, but is not JSON in UTF-8.",
      remedy: "Report it with the event's name.",
    },
    ERR_GHL_WEBHOOK_NOT_ENVELOPE: {
      cause:
        "The gateway signed the body, but it is not the envelope of this delivery: the endpoint sends the format `raw`.",
      remedy: "Set the endpoint's format to `envelope`, or verify the signature alone.",
    },
    ERR_GHL_WEBHOOK_METHOD_NOT_ALLOWED: {
      cause: "The request is not a POST.",
      remedy: "Nothing to do: scanners and browsers send these.",
    },
    ERR_GHL_WEBHOOK_BODY_TOO_LARGE: {
      cause: "The body has more bytes than `maxBodyBytes`; it was not read to its end.",
      remedy: "Raise `maxBodyBytes` if your events are that large.",
    },
    ERR_GHL_WEBHOOK_BODY_TIMEOUT: {
      cause: "The body did not end within `bodyTimeoutMs`; it was not read to its end.",
      remedy: "Nothing to do for one request: the sender tries again. Raise `bodyTimeoutMs` if it happens often.",
    },
    ERR_GHL_WEBHOOK_BODY_UNREADABLE: {
      cause: "The body was read before the handler got the request, or the connection broke.",
      remedy: "Put the handler before any body parser, such as `express.json()`.",
    },
    ERR_GHL_WEBHOOK_IN_PROGRESS: {
      cause: "The same event is being handled at this moment; the answer asks for a redelivery.",
      remedy: "Nothing to do: the redelivery finds out what became of it.",
    },
    ERR_GHL_WEBHOOK_HANDLER_FAILED: {
      cause: "One of your functions, or the dedupe store, failed with `cause`.",
      remedy: "Fix the function: the event is delivered again.",
    },
  },
  oauth: {
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
      cause:
        "There are no tokens: the app was never installed, was uninstalled, or the code has not been exchanged yet.",
      remedy: "Install the app for this location or company.",
    },
    ERR_GHL_REAUTH_REQUIRED: {
      cause: "HighLevel has ended the refresh token. Calls have stopped.",
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
      cause: "429 from the token endpoint.",
      remedy: "Nothing to do: it is tried again after the time that HighLevel named.",
    },
    ERR_GHL_UPSTREAM: {
      cause: "5xx from the token endpoint.",
      remedy: "Nothing to do: it is tried again.",
    },
    ERR_GHL_CUT_ANSWER: {
      cause: "The answer broke off, or is a success without tokens. The refresh token may have been used.",
      remedy: "Nothing to do: the same refresh token is sent again.",
    },
    ERR_GHL_UNKNOWN_ANSWER: {
      cause:
        "The answer is not HighLevel's JSON: an empty body, a page of a proxy, or words that are not known. It says nothing of the grant.",
      remedy: "Nothing to do: it is tried again. If it stays so, check `baseUrl` and what is in between.",
    },
    ERR_GHL_REFUSED: {
      cause: "HighLevel refused the request with an error that is not known.",
      remedy: "It is tried again. Report the answer if it stays so.",
    },
    ERR_GHL_LOCATION_NOT_ACTIVE: {
      cause: "HighLevel says that the location, agency or account is not active.",
      remedy: "Nothing to do: the tokens are kept until it is active.",
    },
    ERR_GHL_INVALID_GRANT: {
      cause:
        "HighLevel says that the refresh token is invalid: it was used by somebody else, or the app was uninstalled.",
      remedy: "Somebody has to install the app again. Make sure that one place alone refreshes.",
    },
    ERR_GHL_CODE_NOT_FOUND: {
      cause: "The authorization code was used already, or has ended.",
      remedy: "Begin the installation again. Exchange a code once.",
    },
    ERR_GHL_INVALID_CLIENT: {
      cause: "HighLevel refuses the client id or the client secret.",
      remedy: "Check both in the app's settings at HighLevel.",
    },
    ERR_GHL_MISSING_PARAMETER: {
      cause: "HighLevel misses a parameter of the token request.",
      remedy: "Check `userType`, the redirect URL and the client settings.",
    },
    ERR_GHL_INVALID_PARAMETER: {
      cause: "HighLevel refuses a parameter of the token request.",
      remedy: "Check `userType`, the redirect URL and the client settings.",
    },
    ERR_GHL_VALIDATION: {
      cause: "422 from the token endpoint.",
      remedy: "The message holds HighLevel's words.",
    },
    ERR_GHL_REDIRECTED: {
      cause: "The token endpoint answered with a redirect, which is not followed: secrets go to one host only.",
      remedy: "Check `baseUrl`.",
    },
    ERR_GHL_ENDPOINT: {
      cause: "HighLevel says that the endpoint does not exist, or not in this `Version`.",
      remedy: "Check `baseUrl`, and update the package.",
    },
    ERR_GHL_NOT_FOUND: {
      cause: "404: the location or company of the request does not exist for this company's token.",
      remedy: "Check the ids.",
    },
    ERR_GHL_VERSION_HEADER: {
      cause: "HighLevel refuses the `Version` header.",
      remedy: "Update the package.",
    },
    ERR_GHL_ACCESS_TOKEN_INVALID: {
      cause: "HighLevel says that the access token is invalid or has ended.",
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
      cause: "The operation does not accept this kind of token.",
      remedy: "The operation's `tokens` say which kinds it accepts.",
    },
    ERR_GHL_FORBIDDEN: {
      cause: "403 for a reason that is not known.",
      remedy: "The message holds HighLevel's words.",
    },
  },
  "rate-limit": {
    ERR_GHL_RATE_LIMIT_CONFIGURATION: {
      cause: "An option is invalid; `option` names it.",
      remedy: "The message says what the option must be.",
    },
    ERR_GHL_RATE_LIMIT_DEADLINE: {
      cause: "The burst limit leaves no room before the call's deadline. Nothing was sent.",
      remedy: "Try again after `retryAfterMs`, or allow a longer `maxWaitMs`.",
    },
    ERR_GHL_RATE_LIMIT_QUEUE_FULL: {
      cause: "`maxQueue` calls of the location or company are waiting already. Nothing was sent.",
      remedy: "Send less at once, or raise `maxQueue`.",
    },
    ERR_GHL_RATE_LIMIT_DAILY: {
      cause: "The day's limit is used up, or what is left is reserved for more urgent calls. Nothing was sent.",
      remedy: "Try again after `retryAfterMs`, which may be hours.",
    },
  },
  marketplace: {
    ERR_GHL_MARKETPLACE_CONFIGURATION: {
      cause: "An option or argument is invalid. Nothing was sent.",
      remedy: "The message names it and what it must be.",
    },
    ERR_GHL_MARKETPLACE_CREDENTIALS: {
      cause: "HighLevel refuses the credentials of the request (401 or 403).",
      remedy: "Check the token, and that it belongs to the app and the location.",
    },
    ERR_GHL_MARKETPLACE_RATE_LIMITED: {
      cause: "429: HighLevel's limit is used up.",
      remedy: "Try again later.",
    },
    ERR_GHL_MARKETPLACE_REDIRECT: {
      cause:
        "HighLevel, or a proxy, answered with a redirect. It is not followed, because a secret goes to one host only.",
      remedy: "Check the URL.",
    },
    ERR_GHL_MARKETPLACE_REFUSED: {
      cause: "HighLevel refused the request with a 4xx status.",
      remedy: "`messages` holds HighLevel's words.",
    },
    ERR_GHL_MARKETPLACE_SERVER: {
      cause: "HighLevel answered with a 5xx status. The request may have been carried out.",
      remedy: "Try again later; check whether it took effect first.",
    },
    ERR_GHL_MARKETPLACE_NETWORK: {
      cause: "No answer came: the connection failed or broke. The message names host and reason.",
      remedy: "Try again; check whether the request took effect first.",
    },
    ERR_GHL_MARKETPLACE_TIMEOUT: {
      cause: "No whole answer came in time.",
      remedy: "Try again; check whether the request took effect first.",
    },
    ERR_GHL_MARKETPLACE_METHOD_NOT_ALLOWED: {
      cause: "The handler does not answer this method.",
      remedy: "Nothing to do: scanners and browsers send these.",
    },
    ERR_GHL_MARKETPLACE_BODY_TOO_LARGE: {
      cause: "The body has more bytes than `maxBodyBytes`; it was not read to its end.",
      remedy: "Raise `maxBodyBytes` if your requests are that large.",
    },
    ERR_GHL_MARKETPLACE_BODY_UNREADABLE: {
      cause: "The body was read before the handler got the request, or the connection broke.",
      remedy: "Put the handler before any body parser.",
    },
    ERR_GHL_MARKETPLACE_HANDLER_FAILED: {
      cause: "One of your functions threw `cause`.",
      remedy: "Fix the function.",
    },
    ERR_GHL_BILLING_REDIRECT: {
      cause: "The URL is not a billing redirect of this app.",
      remedy: "Open the page from HighLevel's marketplace, and check the app's client id.",
    },
    ERR_GHL_EXTERNAL_AUTH_REQUEST: {
      cause: "The request is not an external authentication, or contradicts itself.",
      remedy: "Check the form that is configured for the app at HighLevel.",
    },
    ERR_GHL_EXTERNAL_AUTH_REJECTED: {
      cause: "Your `verify` function refused the credentials.",
      remedy: "Nothing to do: the person has to enter others.",
    },
    ERR_GHL_USER_CONTEXT_INVALID: {
      cause:
        "The payload is not a user context under this shared secret. The step that failed is not named, because an attacker would ask for it.",
      remedy: "Check the shared secret, and that the payload arrives unchanged.",
    },
    ERR_GHL_USER_CONTEXT_UNAVAILABLE: {
      cause:
        "The browser got no user context from HighLevel: the page is not in HighLevel's frame, or no answer came in time.",
      remedy: "Open the page inside HighLevel, as a custom page of the app.",
    },
    ERR_GHL_PAYMENT_QUERY: {
      cause: "The body is not a query of a known type with what that type needs.",
      remedy: "Report it with the type, if HighLevel sent it.",
    },
    ERR_GHL_PAYMENT_QUERY_API_KEY: {
      cause: "The query has no `apiKey`, or one that is unknown.",
      remedy: "Check the keys that the provider's configuration at HighLevel holds.",
    },
    ERR_GHL_PAYMENT_QUERY_UNSUPPORTED: {
      cause: "No function was given for this type of query.",
      remedy: "Give the function, or remove the feature from the provider's configuration.",
    },
    ERR_GHL_PAYMENT_REPLY: {
      cause: "Your function returned what cannot be written as an answer.",
      remedy: "The message names the field. Types catch most of these before they run.",
    },
    ERR_GHL_CHECKOUT_UNAVAILABLE: {
      cause:
        "The checkout page got no payment: it is not in a frame, HighLevel sent none in time, or `disconnect` was called.",
      remedy: "Open the page inside HighLevel's checkout.",
    },
    ERR_GHL_INBOUND_WEBHOOK_URL: {
      cause: "The URL is not that of an Inbound Webhook trigger. Nothing was sent.",
      remedy: "Copy the URL from the trigger in HighLevel's workflow editor.",
    },
    ERR_GHL_TRIGGER_TARGET_URL: {
      cause: "The URL is not the `targetUrl` of a marketplace trigger. Nothing was sent.",
      remedy: "Use the `targetUrl` of the subscription that HighLevel sent.",
    },
    ERR_GHL_WORKFLOW_AUTH: {
      cause: "The request has no credentials, or others than those you configured at HighLevel.",
      remedy: "Check the action's or trigger's authentication at HighLevel.",
    },
    ERR_GHL_WORKFLOW_WEBHOOK: {
      cause: "The body of a workflow's webhook is not what its content type says.",
      remedy: "Check the webhook action of the workflow.",
    },
    ERR_GHL_WORKFLOW_ACTION: {
      cause: "The request is not an execution of a marketplace action.",
      remedy: "Check which URL the action has at HighLevel.",
    },
    ERR_GHL_WORKFLOW_ACTION_UNKNOWN: {
      cause: "No function was given for this action or trigger, this version of it, or these options.",
      remedy: "Give the function under the key that the action has at HighLevel.",
    },
    ERR_GHL_WORKFLOW_ACTION_REPLY: {
      cause: "Your function returned what cannot be written as an answer.",
      remedy: "The message names the field.",
    },
    ERR_GHL_WORKFLOW_TRIGGER: {
      cause: "The request is not a subscription of a marketplace trigger.",
      remedy: "Check which URL the trigger has at HighLevel.",
    },
  },
  codegen: {
    ERR_GHL_CODEGEN_USAGE: {
      cause: "The command line is wrong: an unknown command or flag, or a missing value.",
      remedy: "`ghl-codegen --help` shows the commands, `ghl-codegen <command> --help` its flags.",
    },
    ERR_GHL_CODEGEN_UNREADABLE: {
      cause: "A file or folder cannot be read, or holds none of the documents asked for.",
      remedy: "The message names the path.",
    },
    ERR_GHL_CODEGEN_NOT_PARSABLE: {
      cause: "A file is neither JSON nor YAML.",
      remedy: "The message names line and column.",
    },
    ERR_GHL_CODEGEN_NOT_OPENAPI: {
      cause: "A file parses, but is not an OpenAPI 3.x document.",
      remedy: "Convert OpenAPI 2 documents first.",
    },
    ERR_GHL_CODEGEN_UNRESOLVED_REF: {
      cause: "A `$ref` points nowhere, and no repair rule covers it.",
      remedy: "Fix the reference, or add an overlay action.",
    },
    ERR_GHL_CODEGEN_UNSUPPORTED: {
      cause:
        "A document uses something that generated code could not do, so that it would silently do something else. Nothing was written.",
      remedy: "The message names the place. Change it with an overlay, or leave the operation out.",
    },
    ERR_GHL_CODEGEN_NAME_CLASH: {
      cause: "Two things that need names of their own have the same name.",
      remedy: "Give one of them another name with an overlay (`x-method-name`).",
    },
    ERR_GHL_CODEGEN_EVIDENCE_INVALID: {
      cause: "A file of evidence is not in the documented format.",
      remedy: "Compare it with docs/design/evidence.md; the message names the place.",
    },
    ERR_GHL_CODEGEN_FIELDS_INVALID: {
      cause: "A `fields.yaml` is not a mapping of field names to sentences.",
      remedy: "The message names the place.",
    },
    ERR_GHL_CODEGEN_OVERLAY_INVALID: {
      cause: "An overlay file is not an OpenAPI Overlay 1.0 document, or uses a part of it that is not supported.",
      remedy: "The message names the place.",
    },
    ERR_GHL_CODEGEN_OVERLAY_TARGET: {
      cause: "The target of an overlay action is gone, or is no longer what the action was written against.",
      remedy: "Look at what changed upstream, then change or remove the action.",
    },
    ERR_GHL_CODEGEN_OVERLAY_NO_EFFECT: {
      cause: "An overlay action changes nothing: the document is right by now.",
      remedy: "Remove the action.",
    },
    ERR_GHL_CODEGEN_NETWORK: {
      cause: "A document could not be fetched.",
      remedy: "Check the address and the connection, or read the documents from a folder.",
    },
    ERR_GHL_CODEGEN_WRITE: {
      cause: "Files could not be written. The tree was left as it was.",
      remedy: "Check the folder's rights and the free space.",
    },
    ERR_GHL_CODEGEN_WEBHOOKS_INVALID: {
      cause: "`webhooks.yaml` is not what the generator reads.",
      remedy: "`pointer` names the place.",
    },
  },
  emulator: {
    ERR_GHL_EMULATOR_CONFIGURATION: {
      cause: "An option or a control is one that the emulator cannot follow.",
      remedy: "The message names it and what it must be.",
    },
    ERR_GHL_EMULATOR_MEDIA: {
      cause: "The request's body is of a media type that the operation does not take.",
      remedy: "Send JSON, a form or multipart, as the operation documents.",
    },
    ERR_GHL_EMULATED_RESET: {
      cause: "A fault of the emulator broke the connection on purpose.",
      remedy: "Nothing to do: this is what your code has to survive.",
    },
  },
};
