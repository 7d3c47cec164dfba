import { problemResponse } from "@ghl-edge/core";
import type { WebhookError, WebhookErrorCode } from "../errors.ts";

/** Body of a 200 response to a delivery. */
export interface Receipt {
  readonly received: true;
  /** Whether your functions ran and did not fail. */
  readonly handled: boolean;
  /** The reason why they did not run. */
  readonly reason?: "duplicate" | WebhookErrorCode;
  /** The events of a batch that have to come again. The gateway does not send the others again. */
  readonly failed?: readonly FailedEvent[];
}

/** An event of a batch that has to come again. */
export interface FailedEvent {
  readonly id: string;
  /** Shortest time until it comes again, in milliseconds. */
  readonly retryAfterMs?: number;
}

/** Value of `Retry-After` in seconds, for a delivery that arrived while the same event is being handled. */
export const RETRY_AFTER_SECONDS = 30;

/** The statuses that differ by handler. */
export interface AnswerStatuses {
  /** Status when a function failed. */
  readonly failureStatus: number;
  /** Status for genuine bytes that this handler cannot use. */
  readonly unusableStatus: number;
}

/**
 * Returns the status for each error code. HighLevel's newer policy redelivers up to 12 times after any status except 2xx. The older
 * policy redelivers 6 times, and only after 429. Both are in docs/design/webhooks.md.
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
    // 429 is redelivered under both policies. A key that the runtime rejects is a configuration error, so the event must come again.
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
  405: "Only POST is allowed",
  408: "The body took too long",
  413: "The body is too large",
  429: "Try again later",
};

export function receipt(body: Receipt): Response {
  const headers = { "content-type": "application/json", "cache-control": "no-store" };
  return new Response(JSON.stringify(body), { headers });
}

/** Returns problem details (RFC 9457) with the code alone. The exact reason goes to `onError`, and not to an unknown sender. */
export function problem({ code }: Pick<WebhookError, "code">, statuses: AnswerStatuses): Response {
  const status = statusOf(code, statuses);
  if (status >= 200 && status < 300) return receipt({ received: true, handled: false, reason: code });
  const title = TITLES[status] ?? "The delivery could not be handled";
  return problemResponse(
    { title, status, code },
    {
      ...(status === 405 ? { allow: "POST" } : {}),
      ...(status === 429 || status === 503 ? { "retry-after": String(RETRY_AFTER_SECONDS) } : {}),
    },
  );
}
