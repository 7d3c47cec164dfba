import { isTokenRejection } from "@ghl-edge/core";
import { type Feedback, needsReport, readFeedback } from "@ghl-edge/rate-limit";
import { answerBytes } from "../domain/answer-bytes.ts";
import { limitsOf } from "../domain/budget.ts";
import type { AcquireReply, AcquireRequest } from "../domain/contracts/resource-coordinator.ts";
import type { Held } from "../domain/prefetched-permits.ts";
import type { Tenant } from "../domain/token-record.ts";
import { retryDelayMs } from "../domain/upstream-answer.ts";
import type { GatewayConfig } from "../platform/config.ts";
import type { Objects } from "../platform/env.ts";
import { GatewayError } from "../platform/errors.ts";
import { isolate } from "../platform/isolate.ts";
import { retryOnce } from "../platform/retry-once.ts";

/** Until the head of HighLevel's answer; the body may take as long as it takes. */
const UPSTREAM_HEAD_TIMEOUT_MS = 60_000;
/** What a refusal says fits in here many times, and comes with its head; the deadline of the call bounds it, too. */
const REFUSAL_BOUNDS = { maxBytes: 65_536, timeoutMs: 5_000 };
/** Whoever is told to come back at once comes back a little later. */
const LEAST_WAIT_MS = 50;

/** What a call needs of where it comes from. */
export interface CallContext {
  readonly config: GatewayConfig;
  readonly objects: Objects;
  readonly waitUntil: (work: Promise<unknown>) => void;
}

export interface ProxyCall {
  /** Token and permit that are wanted, but for the time that is left. */
  readonly wanted: Omit<AcquireRequest, "maxWaitMs" | "retry" | "rejectedToken" | "prefetch" | "returned">;
  readonly operation: string;
  readonly maxWaitMs: number;
  /** Whether `request` may be called more than once. */
  readonly isRepeatable: boolean;
  readonly request: (accessToken: string) => OutgoingRequest;
}

/** Not a `Request` yet: one that is made of another with more options is copied. */
export interface OutgoingRequest extends Pick<RequestInit, "method" | "headers" | "body"> {
  readonly url: string | URL;
}

export interface ProxyResult {
  readonly response: Response;
  readonly waitMs: number;
  readonly retries: number;
}

type Refused = Extract<AcquireReply, { ok: false }>;
type Acquired = Held & { readonly ok: true };

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function refusal({ apps }: GatewayConfig, reply: Refused, { operation, wanted }: ProxyCall): GatewayError {
  switch (reply.reason) {
    case "budget": {
      const { limit, retryAfterMs } = reply;
      return new GatewayError({
        kind: "budget_exhausted",
        limit,
        retryAfterMs,
        limits: limitsOf(apps.get(wanted.app)),
      });
    }
    case "refreshing":
      return new GatewayError({ kind: "token_pending", retryAfterMs: reply.retryAfterMs });
    case "scope":
      return new GatewayError({ kind: "scope", operation, needs: wanted.scopes, granted: reply.granted });
    case "misconfigured":
      return new GatewayError({ kind: "misconfigured", answerCode: reply.answerCode });
    default:
      return new GatewayError({ kind: reply.reason });
  }
}

/** Token and permit; where the token is not to be had yet, the Worker waits, so that the object need not. */
async function acquire(
  c: CallContext,
  call: ProxyCall,
  untilMs: number,
  { retry, rejectedToken }: Pick<AcquireRequest, "retry" | "rejectedToken">,
): Promise<Acquired | Refused> {
  const { app, resource } = call.wanted;
  const { prefetchedPermits } = isolate;
  const wanted = JSON.stringify(call.wanted);
  // What HighLevel has refused goes to the object: it knows whether there is another token, and whose turn it is.
  const isRefused = retry || rejectedToken !== undefined;
  const held = isRefused ? undefined : prefetchedPermits.take(wanted);
  if (held !== undefined) return { ok: true, ...held };
  for (;;) {
    const asked = isRefused ? undefined : prefetchedPermits.ask(wanted);
    const { prefetch, returned } = asked ?? { prefetch: 0, returned: prefetchedPermits.returnUnused(wanted) };
    const askedAtMs = Date.now();
    const maxWaitMs = Math.max(0, untilMs - askedAtMs);
    let reply: AcquireReply;
    try {
      reply = await retryOnce(
        () => c.objects.coordinator(app, resource),
        (coordinator) => coordinator.acquire({ ...call.wanted, maxWaitMs, retry, rejectedToken, prefetch, returned }),
      );
    } catch (cause) {
      throw new GatewayError({ kind: "object_unreachable" }, { cause });
    }
    if (asked !== undefined) prefetchedPermits.keep(asked, reply.ok ? reply : undefined);
    if (reply.ok) return { ...reply, startAtMs: askedAtMs + reply.permit.startsAfterMs };
    if (reply.reason !== "refreshing" || reply.retryAfterMs >= maxWaitMs) return reply;
    await sleep(Math.max(reply.retryAfterMs, LEAST_WAIT_MS));
  }
}

/** Whether a status can be passed on: no `Response` has another one, and 1xx is no answer (RFC 9110, section 15). */
const isPassable = (status: number): boolean => status >= 200 && status <= 599;

/**
 * Undefined: HighLevel gave no answer, or one whose status is none.
 *
 * @throws GatewayError `call_unsendable` for what is no request: that is our mistake, and nothing was sent
 */
async function send(outgoing: () => OutgoingRequest): Promise<Response | undefined> {
  const timeout = new AbortController();
  let request: Request;
  try {
    const { url, ...init } = outgoing();
    request = new Request(url, { ...init, redirect: "manual", signal: timeout.signal });
  } catch (cause) {
    throw new GatewayError({ kind: "call_unsendable" }, { cause });
  }
  const timer = setTimeout(() => timeout.abort(), UPSTREAM_HEAD_TIMEOUT_MS);
  try {
    const response = await fetch(request);
    if (isPassable(response.status)) return response;
    response.body?.cancel().catch(() => {});
    return undefined;
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

/** Returns the permit of a call that was not sent. */
function giveBack(c: CallContext, { app, resource }: Tenant, permit: number): void {
  const returned = c.objects.coordinator(app, resource).returnUnused({ app, resource }, permit);
  c.waitUntil(returned.catch(() => {}));
}

/** Tells the budget what it has to know; awaited where the next permit depends on it. */
function report(c: CallContext, { app, resource }: Tenant, permit: number, feedback?: Feedback): Promise<void> {
  const told = c.objects
    .coordinator(app, resource)
    .report({ app, resource }, permit, feedback)
    .catch(() => {});
  c.waitUntil(told);
  return told;
}

/**
 * A refusal of a call that is not sent again: the grant hears of it before the caller does, so that the next call gets
 * another token. Prefetched permits come with the refused token and go back.
 */
async function reportRejection(c: CallContext, { wanted }: ProxyCall, rejectedToken: string): Promise<void> {
  const { app, resource, acceptedTokenTypes } = wanted;
  const coordinator = c.objects.coordinator(app, resource);
  for (const number of isolate.prefetchedPermits.returnUnused(JSON.stringify(wanted)))
    c.waitUntil(coordinator.returnUnused({ app, resource }, number).catch(() => {}));
  await coordinator.tokenRejected({ app, resource, acceptedTokenTypes, rejectedToken }).catch(() => {});
}

async function isTokenRejected(response: Response, untilMs: number): Promise<boolean> {
  if (response.status !== 401) return false;
  // Half of what is left: the rest is for another token and the call with it. But what was not read says nothing of its
  // cause, so that a text that is at hand is read even where no time is left.
  const timeoutMs = Math.max(LEAST_WAIT_MS, Math.min(REFUSAL_BOUNDS.timeoutMs, (untilMs - Date.now()) / 2));
  const bytes = await answerBytes(response.clone(), { ...REFUSAL_BOUNDS, timeoutMs });
  // A longer text, or one that does not end, is a page of somebody in between: no cause that HighLevel names.
  const text = new TextDecoder().decode(bytes);
  return isTokenRejection({ status: 401, text, wwwAuthenticate: response.headers.get("www-authenticate") });
}

async function sendWith(
  c: CallContext,
  call: ProxyCall,
  { accessToken, permit, startAtMs }: Acquired,
): Promise<{ readonly response: Response; readonly feedback: Feedback }> {
  let response: Response | undefined;
  try {
    response = await send(() => call.request(accessToken));
  } catch (error) {
    giveBack(c, call.wanted, permit.number);
    throw error;
  }
  const feedback = response && readFeedback(response, Date.now());
  const { intervalLimit, number } = permit;
  // Since the slot is taken and not since it was sent: this machine may be late, and HighLevel counts when the call arrives.
  if (needsReport({ permit, feedback, rttMs: Date.now() - startAtMs, intervalLimit })) {
    const told = report(c, call.wanted, number, feedback);
    if (feedback?.status === 429) await told;
  }
  if (response === undefined || feedback === undefined) throw new GatewayError({ kind: "upstream_unreachable" });
  return { response, feedback };
}

/**
 * Sends a call with token and permit. A 429 is sent again while the deadline allows it, a 401 that is about the token once
 * with another token. What cannot be sent again is answered as HighLevel answered it.
 */
export async function proxyCall(c: CallContext, call: ProxyCall): Promise<ProxyResult> {
  const untilMs = Date.now() + call.maxWaitMs;
  let rejectedToken: string | undefined;
  let last: Response | undefined;
  let waitMs = 0;
  for (let retries = 0; ; retries++) {
    const startedAtMs = Date.now();
    const acquired = await acquire(c, call, untilMs, { retry: retries > 0, rejectedToken });
    waitMs += Date.now() - startedAtMs;
    if (!acquired.ok) {
      if (last === undefined) throw refusal(c.config, acquired, call);
      return { response: last, waitMs, retries: retries - 1 };
    }
    if (last !== undefined && acquired.accessToken === rejectedToken) {
      giveBack(c, call.wanted, acquired.permit.number);
      return { response: last, waitMs, retries: retries - 1 };
    }
    void last?.body?.cancel().catch(() => {});
    const { response, feedback } = await sendWith(c, call, acquired);
    last = response;
    const delayMs = retryDelayMs(feedback, retries);
    const isRejected = await isTokenRejected(response, untilMs);
    if (isRejected && (rejectedToken !== undefined || !call.isRepeatable)) {
      await reportRejection(c, call, acquired.accessToken);
      return { response, waitMs, retries };
    }
    if (!call.isRepeatable || (delayMs === undefined && !isRejected)) return { response, waitMs, retries };
    if (delayMs !== undefined) {
      if (Date.now() + delayMs >= untilMs) return { response, waitMs, retries };
      await sleep(delayMs);
      waitMs += delayMs;
    } else rejectedToken = acquired.accessToken;
  }
}
