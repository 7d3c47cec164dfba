import { errorReferenceUrl } from "@ghl-edge/core";
import type { WebhookError, WebhookErrorCode } from "../errors.ts";

/** What became of a delivery that was answered with 200. */
export interface Receipt {
  readonly received: true;
  /** Whether your functions ran to their end. */
  readonly handled: boolean;
  /** Why they did not. */
  readonly reason?: "duplicate" | WebhookErrorCode;
}

/** Seconds until a delivery is asked for again that came while the same event is being handled. */
const RETRY_AFTER_SECONDS = 30;

/** The statuses that differ by handler. */
export interface AnswerStatuses {
  /** For a function that failed. */
  readonly failureStatus: number;
  /** For genuine bytes that nobody here can use. */
  readonly unusableStatus: number;
}

/**
 * The status for each case. Redelivered are, under HighLevel's newer policy, everything but 2xx up to 12 times; under the
 * older one 429 only, 6 times (both in docs/design/webhooks.md).
 */
function statusOf(code: WebhookErrorCode, { failureStatus, unusableStatus }: AnswerStatuses): number {
  switch (code) {
    case "ERR_GHL_WEBHOOK_SIGNATURE_MISSING":
    case "ERR_GHL_WEBHOOK_SIGNATURE_MALFORMED":
    case "ERR_GHL_WEBHOOK_SIGNATURE_MISMATCH":
    case "ERR_GHL_WEBHOOK_TIMESTAMP_MISSING":
    case "ERR_GHL_WEBHOOK_TIMESTAMP_OUTSIDE_WINDOW":
    case "ERR_GHL_WEBHOOK_APP_MISSING":
    case "ERR_GHL_WEBHOOK_APP_MISMATCH":
      return 401;
    case "ERR_GHL_WEBHOOK_METHOD_NOT_ALLOWED":
      return 405;
    case "ERR_GHL_WEBHOOK_BODY_TIMEOUT":
      return 408;
    case "ERR_GHL_WEBHOOK_BODY_TOO_LARGE":
      return 413;
    case "ERR_GHL_WEBHOOK_NOT_JSON":
    case "ERR_GHL_WEBHOOK_NOT_ENVELOPE":
      return unusableStatus;
    // Asked for again under both policies. A key that only the runtime finds to be none is a mistake here, not in the event.
    case "ERR_GHL_WEBHOOK_IN_PROGRESS":
    case "ERR_GHL_WEBHOOK_CONFIGURATION":
      return 429;
    case "ERR_GHL_WEBHOOK_BODY_UNREADABLE":
      return 500;
    case "ERR_GHL_WEBHOOK_HANDLER_FAILED":
      return failureStatus;
  }
}

const TITLES: Readonly<Partial<Record<number, string>>> = {
  401: "The delivery could not be verified",
  405: "Only POST is answered here",
  408: "The body took too long",
  413: "The body is too large",
  429: "Try again later",
};

function json(body: object, status: number, headers: Record<string, string>): Response {
  return new Response(JSON.stringify(body), { status, headers: { "cache-control": "no-store", ...headers } });
}

export function receipt(body: Receipt): Response {
  return json(body, 200, { "content-type": "application/json" });
}

/** Problem details (RFC 9457) with the code alone: why exactly is for `onError`, not for whoever sent the request. */
export function problem({ code }: Pick<WebhookError, "code">, statuses: AnswerStatuses): Response {
  const status = statusOf(code, statuses);
  if (status >= 200 && status < 300) return receipt({ received: true, handled: false, reason: code });
  const title = TITLES[status] ?? "The delivery could not be handled";
  return json({ type: errorReferenceUrl(code), title, status, code }, status, {
    "content-type": "application/problem+json",
    ...(status === 405 ? { allow: "POST" } : {}),
    ...(status === 429 || status === 503 ? { "retry-after": String(RETRY_AFTER_SECONDS) } : {}),
  });
}
