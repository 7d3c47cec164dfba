import { isTokenRejection, sleepByTimer } from "@ghl-edge/core";
import { type Feedback, needsReport, readFeedback } from "@ghl-edge/rate-limit";
import { answerBytes } from "../domain/api/answer-bytes.ts";
import { retryDelayMs } from "../domain/api/upstream-answer.ts";
import { limitsOf } from "../domain/limits/budget.ts";
import type { CallCredentials } from "../domain/limits/prefetched-permits.ts";
import type { GatewayConfig } from "../platform/config.ts";
import { GatewayError } from "../platform/errors.ts";
import {
  acquireCredentials,
  type CallContext,
  type CredentialsRefusal,
  type CredentialsRequest,
  reportAnswer,
  reportRejectedToken,
  returnPermit,
} from "./call-credentials.ts";
import { type OutgoingRequest, sendUpstream } from "./send-upstream.ts";

export type { CallContext } from "./call-credentials.ts";
export type { OutgoingRequest } from "./send-upstream.ts";

/** Bounds for reading the body of a refusal. A real one is far shorter and arrives with its headers. The call's deadline also applies. */
const REFUSAL_BOUNDS = { maxBytes: 65_536, timeoutMs: 5_000 };
/** Shortest time for reading a refusal, so that a text that has already arrived is read even at the deadline. */
const MIN_READ_MS = 50;

export interface ProxyCall {
  /** Token and permit that the call needs. */
  readonly credentials: CredentialsRequest;
  /** Name of the operation, for the problem of a refusal. */
  readonly operation: string;
  readonly maxWaitMs: number;
  /** Whether `request` may be called more than once. */
  readonly isRepeatable: boolean;
  readonly request: (accessToken: string) => OutgoingRequest;
}

export interface ProxyResult {
  readonly response: Response;
  /** Time in ms that the call waited for token, permit and retries. */
  readonly waitMs: number;
  readonly retries: number;
}

interface Answer {
  readonly response: Response;
  readonly feedback: Feedback;
}

/** Decision about an answer: pass it on, or retry after a delay or with another token. */
type NextStep =
  | { readonly kind: "pass" | "report_rejection" | "retry_with_another_token" }
  | { readonly kind: "retry"; readonly delayMs: number };

function refusalError({ apps }: GatewayConfig, reply: CredentialsRefusal, call: ProxyCall): GatewayError {
  const { operation, credentials } = call;
  switch (reply.reason) {
    case "budget": {
      const { limit, retryAfterMs } = reply;
      const limits = limitsOf(apps.get(credentials.app));
      return new GatewayError({ kind: "budget_exhausted", limit, retryAfterMs, limits });
    }
    case "refreshing":
      return new GatewayError({ kind: "token_pending", retryAfterMs: reply.retryAfterMs });
    case "scope":
      return new GatewayError({ kind: "scope", operation, needs: credentials.scopes, granted: reply.granted });
    case "misconfigured":
      return new GatewayError({ kind: "misconfigured", answerCode: reply.answerCode });
    default:
      return new GatewayError({ kind: reply.reason });
  }
}

async function isTokenRejected(response: Response, deadlineMs: number): Promise<boolean> {
  if (response.status !== 401) return false;
  // Half of the remaining time is for another token and the call with it.
  const timeoutMs = Math.max(MIN_READ_MS, Math.min(REFUSAL_BOUNDS.timeoutMs, (deadlineMs - Date.now()) / 2));
  const bytes = await answerBytes(response.clone(), { ...REFUSAL_BOUNDS, timeoutMs });
  // A longer text, or one that does not end, comes from a proxy in between. HighLevel names its causes in short texts.
  const text = new TextDecoder().decode(bytes);
  return isTokenRejection({ status: 401, text, wwwAuthenticate: response.headers.get("www-authenticate") });
}

/** Sends the call once, and reports to the budget what it must know. */
async function sendOnce(c: CallContext, call: ProxyCall, credentials: CallCredentials): Promise<Answer> {
  const { accessToken, permit, startAtMs } = credentials;
  let response: Response | undefined;
  try {
    response = await sendUpstream(() => call.request(accessToken));
  } catch (error) {
    returnPermit(c, call.credentials, permit.number);
    throw error;
  }
  const feedback = response && readFeedback(response, Date.now());
  // The round trip is measured from the start of the slot. This machine may send late, and HighLevel counts the call when it arrives.
  const rttMs = Date.now() - startAtMs;
  if (needsReport({ permit, feedback, rttMs, intervalLimit: permit.intervalLimit })) {
    const reported = reportAnswer(c, call.credentials, { permit: permit.number, feedback });
    if (feedback?.status === 429) await reported;
  }
  if (response === undefined || feedback === undefined) throw new GatewayError({ kind: "upstream_unreachable" });
  return { response, feedback };
}

/** State of the call before its next attempt. */
interface Progress {
  readonly deadlineMs: number;
  readonly retries: number;
  readonly rejectedToken: string | undefined;
}

async function nextStep({ isRepeatable }: ProxyCall, answer: Answer, progress: Progress): Promise<NextStep> {
  const { response, feedback } = answer;
  const { deadlineMs, retries, rejectedToken } = progress;
  if (await isTokenRejected(response, deadlineMs)) {
    const isFirst = rejectedToken === undefined;
    return { kind: isFirst && isRepeatable ? "retry_with_another_token" : "report_rejection" };
  }
  const delayMs = retryDelayMs(feedback, retries);
  if (!isRepeatable || delayMs === undefined || Date.now() + delayMs >= deadlineMs) return { kind: "pass" };
  return { kind: "retry", delayMs };
}

/**
 * Sends a call with token and permit. A 429 is retried at most three times within the deadline, and never when the daily limit is used up.
 * A 401 that is about the token is retried once with another token. Any other answer is passed on as HighLevel sent it.
 *
 * @throws {GatewayError} when there is no token, no permit or no answer
 */
export async function proxyCall(c: CallContext, call: ProxyCall): Promise<ProxyResult> {
  const deadlineMs = Date.now() + call.maxWaitMs;
  let rejectedToken: string | undefined;
  /** HighLevel's last answer, which is to be retried. */
  let lastRefusal: Response | undefined;
  let waitMs = 0;
  for (let retries = 0; ; retries++) {
    const startedAtMs = Date.now();
    const attempt = { deadlineMs, retry: retries > 0, rejectedToken };
    const credentials = await acquireCredentials(c, call.credentials, attempt);
    waitMs += Date.now() - startedAtMs;
    if (lastRefusal !== undefined && (!credentials.ok || credentials.accessToken === rejectedToken)) {
      if (credentials.ok) returnPermit(c, call.credentials, credentials.permit.number);
      // This attempt is not sent, so it does not count as a retry.
      return { response: lastRefusal, waitMs, retries: retries - 1 };
    }
    if (!credentials.ok) throw refusalError(c.config, credentials, call);
    void lastRefusal?.body?.cancel().catch(() => {});
    const answer = await sendOnce(c, call, credentials);
    const { response } = answer;
    const next = await nextStep(call, answer, { deadlineMs, retries, rejectedToken });
    switch (next.kind) {
      case "pass":
        return { response, waitMs, retries };
      case "report_rejection":
        await reportRejectedToken(c, call.credentials, credentials.accessToken);
        return { response, waitMs, retries };
      case "retry":
        await sleepByTimer(next.delayMs);
        waitMs += next.delayMs;
        break;
      case "retry_with_another_token":
        rejectedToken = credentials.accessToken;
        break;
    }
    lastRefusal = response;
  }
}
