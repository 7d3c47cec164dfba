import type { ErrorEntries } from "../entry.ts";

export const MARKETPLACE_ERRORS: ErrorEntries = {
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
    remedy: "Check the fields of the request. `traceId` identifies it for HighLevel's support.",
  },
  ERR_GHL_MARKETPLACE_SERVER: {
    cause: "HighLevel answered with a 5xx status. HighLevel may have executed the request.",
    remedy: "Try again later; check whether it took effect first.",
  },
  ERR_GHL_MARKETPLACE_NETWORK: {
    cause: "There was no answer: the connection failed or broke. The message names host and reason.",
    remedy: "Try again; check whether the request took effect first.",
  },
  ERR_GHL_MARKETPLACE_TIMEOUT: {
    cause: "There was no complete answer in time.",
    remedy: "Try again; check whether the request took effect first.",
  },
  ERR_GHL_MARKETPLACE_METHOD_NOT_ALLOWED: {
    cause: "The handler does not support this method.",
    remedy: "Nothing to do: scanners and browsers send these.",
  },
  ERR_GHL_MARKETPLACE_BODY_TOO_LARGE: {
    cause: "The body has more bytes than `maxBodyBytes`, and the rest was not read.",
    remedy: "Raise `maxBodyBytes` if your requests are that large.",
  },
  ERR_GHL_MARKETPLACE_BODY_UNREADABLE: {
    cause: "The body was read before the handler got the request, or the connection broke.",
    remedy: "Mount the handler before any body parser.",
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
      "The payload is not a user context encrypted with this shared secret. The failed step is not named, because it would help an attacker.",
    remedy: "Check the shared secret, and that the payload arrives unchanged.",
  },
  ERR_GHL_USER_CONTEXT_UNAVAILABLE: {
    cause:
      "The browser got no user context from HighLevel: the page is not in HighLevel's frame, or no answer came in time.",
    remedy: "Open the page inside HighLevel, as a custom page of the app.",
  },
  ERR_GHL_PAYMENT_QUERY: {
    cause: "The body is not a query of a known type with the required fields.",
    remedy: "Report it with the type, if HighLevel sent it.",
  },
  ERR_GHL_PAYMENT_QUERY_API_KEY: {
    cause: "The query has no `apiKey`, or one that is unknown.",
    remedy: "Check the keys in the provider's configuration at HighLevel.",
  },
  ERR_GHL_PAYMENT_QUERY_UNSUPPORTED: {
    cause: "The handler has no function for this type of query.",
    remedy: "Pass the function, or remove the feature from the provider's configuration.",
  },
  ERR_GHL_PAYMENT_REPLY: {
    cause: "The result of your function cannot be written as a reply.",
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
    cause: "The credentials of the request are missing, or differ from those that you configured at HighLevel.",
    remedy: "Check the action's or trigger's authentication at HighLevel.",
  },
  ERR_GHL_WORKFLOW_WEBHOOK: {
    cause: "The body of a workflow's webhook does not match its content type.",
    remedy: "Check the webhook action of the workflow.",
  },
  ERR_GHL_WORKFLOW_ACTION: {
    cause: "The request is not an execution of a marketplace action.",
    remedy: "Check the URL of the action at HighLevel.",
  },
  ERR_GHL_WORKFLOW_ACTION_UNKNOWN: {
    cause: "The handler has no function for this action or trigger, for this version of it, or for these options.",
    remedy: "Pass the function with the key that the action has at HighLevel.",
  },
  ERR_GHL_WORKFLOW_ACTION_REPLY: {
    cause: "The result of your function cannot be written as a reply.",
    remedy: "The message names the field.",
  },
  ERR_GHL_WORKFLOW_TRIGGER: {
    cause: "The request is not a subscription of a marketplace trigger.",
    remedy: "Check the URL of the trigger at HighLevel.",
  },
};
