import type { ErrorEntries } from "../entry.ts";

export const WEBHOOKS_ERRORS: ErrorEntries = {
  ERR_GHL_WEBHOOK_CONFIGURATION: {
    cause:
      "An option is invalid: a key in an unknown format, no key at all, or a negative time. Thrown before any request.",
    remedy: "The message names the option and what it must be.",
  },
  ERR_GHL_WEBHOOK_SIGNATURE_MISSING: {
    cause: "The request has no signature header of a scheme that is enabled.",
    remedy:
      "Requests that HighLevel did not send look like this. If HighLevel sent it, check that no proxy drops `X-GHL-Signature`.",
  },
  ERR_GHL_WEBHOOK_SIGNATURE_MALFORMED: {
    cause: "The header is not an encoded signature: truncated, sent twice, or something else.",
    remedy: "Check that proxies pass the header on unchanged.",
  },
  ERR_GHL_WEBHOOK_SIGNATURE_MISMATCH: {
    cause:
      "No key made this signature over these bytes: a forgery, another key, or a body that was parsed and serialized again on its way.",
    remedy: "Pass the raw bytes: no body parser may run before the handler.",
  },
  ERR_GHL_WEBHOOK_TIMESTAMP_MISSING: {
    cause:
      "The event is genuine, but the body has no `timestamp` that is a date. `requireTimestamp` is set, or it is a lifecycle event.",
    remedy:
      "Turn `requireTimestamp` off for events that HighLevel does not date. An undated lifecycle event then goes to `onStale`, if you pass it.",
  },
  ERR_GHL_WEBHOOK_TIMESTAMP_OUTSIDE_WINDOW: {
    cause:
      "The event is genuine, but was signed too long ago or in the future: a replay, a very late redelivery, or a wrong clock.",
    remedy: "Check the clock. A larger `toleranceMs` accepts late redeliveries. Or handle the event in `onStale`.",
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
    remedy: "Set the endpoint's format to `envelope`, or verify only the signature.",
  },
  ERR_GHL_WEBHOOK_METHOD_NOT_ALLOWED: {
    cause: "The request is not a POST.",
    remedy: "Nothing to do: scanners and browsers send these.",
  },
  ERR_GHL_WEBHOOK_BODY_TOO_LARGE: {
    cause: "The body has more bytes than `maxBodyBytes`, and the rest was not read.",
    remedy: "Raise `maxBodyBytes` if your events are that large.",
  },
  ERR_GHL_WEBHOOK_BODY_TIMEOUT: {
    cause: "The body did not end within `bodyTimeoutMs`, and the rest was not read.",
    remedy: "Nothing to do for one request: the sender retries. Raise `bodyTimeoutMs` if it happens often.",
  },
  ERR_GHL_WEBHOOK_BODY_UNREADABLE: {
    cause: "The body was read before the handler got the request, or the connection broke.",
    remedy: "Mount the handler before any body parser, such as `express.json()`.",
  },
  ERR_GHL_WEBHOOK_IN_PROGRESS: {
    cause: "The same event is being handled at this moment. The response asks for a redelivery.",
    remedy: "Nothing to do: the redelivery is handled or reported as a duplicate.",
  },
  ERR_GHL_WEBHOOK_HANDLER_FAILED: {
    cause: "One of your functions, or the dedupe store, failed with `cause`.",
    remedy: "Fix the function: the event is delivered again.",
  },
};
