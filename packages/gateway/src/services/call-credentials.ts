import { sleepByTimer } from "@ghl-edge/core";
import type { Feedback } from "@ghl-edge/rate-limit";
import type { AcquireReply, AcquireRequest } from "../domain/contracts/resource-coordinator.ts";
import type { CallCredentials, PrefetchedPermits } from "../domain/limits/prefetched-permits.ts";
import type { GatewayConfig } from "../platform/config.ts";
import type { Objects } from "../platform/env.ts";
import { GatewayError } from "../platform/errors.ts";
import { retryOnce } from "../platform/retry-once.ts";

/** Minimum delay before another request for a token, so that a `retryAfterMs` of 0 does not become a busy loop. */
const MIN_DELAY_MS = 50;

/** Environment of a call. */
export interface CallContext {
  readonly config: GatewayConfig;
  readonly objects: Objects;
  /** Permits and tokens of this isolate for the next calls. */
  readonly prefetchedPermits: PrefetchedPermits;
  readonly waitUntil: (work: Promise<unknown>) => void;
}

/** Kind of token and permit that a call needs. Calls with an equal kind share prefetched permits. */
export type CredentialsRequest = Omit<
  AcquireRequest,
  "maxWaitMs" | "retry" | "rejectedToken" | "prefetch" | "returned"
>;

/** One attempt of a call. */
export interface Attempt {
  readonly deadlineMs: number;
  /** HighLevel refused an earlier attempt with 429 or 401. */
  readonly retry: boolean;
  /** Token that HighLevel rejected in an earlier attempt. */
  readonly rejectedToken: string | undefined;
}

export type CredentialsRefusal = Extract<AcquireReply, { ok: false }>;
export type CredentialsReply = (CallCredentials & { readonly ok: true }) | CredentialsRefusal;

const keyOf = (request: CredentialsRequest): string => JSON.stringify(request);

/**
 * Acquires token and permit: prefetched ones of this isolate, else from the location's object. If the token is being refreshed, the Worker
 * waits, so that the object need not.
 *
 * @throws {GatewayError} `object_unreachable` when the object cannot be called
 */
export async function acquireCredentials(
  c: CallContext,
  request: CredentialsRequest,
  { deadlineMs, retry, rejectedToken }: Attempt,
): Promise<CredentialsReply> {
  const { prefetchedPermits } = c;
  const callKey = keyOf(request);
  // A refused call always goes to the object, which knows whether there is another token, and which call is next.
  const ready = retry ? undefined : prefetchedPermits.take(callKey);
  if (ready !== undefined) return { ok: true, ...ready };
  for (;;) {
    const prefetch = retry ? undefined : prefetchedPermits.plan(callKey);
    const returned = prefetch?.returned ?? prefetchedPermits.returnUnused(callKey);
    const requestedAtMs = Date.now();
    const maxWaitMs = Math.max(0, deadlineMs - requestedAtMs);
    const acquire = { ...request, maxWaitMs, retry, rejectedToken, prefetch: prefetch?.count ?? 0, returned };
    let reply: AcquireReply;
    try {
      reply = await retryOnce(
        () => c.objects.coordinator(request.app, request.resource),
        (coordinator) => coordinator.acquire(acquire),
      );
    } catch (cause) {
      throw new GatewayError({ kind: "object_unreachable" }, { cause });
    }
    if (prefetch !== undefined) prefetchedPermits.add(prefetch, reply.ok ? reply : undefined);
    if (reply.ok) return { ...reply, startAtMs: requestedAtMs + reply.permit.startsAfterMs };
    if (reply.reason !== "refreshing" || reply.retryAfterMs >= maxWaitMs) return reply;
    await sleepByTimer(Math.max(reply.retryAfterMs, MIN_DELAY_MS));
  }
}

/** Returns the permit of a call that was not sent. */
export function returnPermit(c: CallContext, { app, resource }: CredentialsRequest, permit: number): void {
  const returned = c.objects.coordinator(app, resource).returnUnused({ app, resource }, permit);
  c.waitUntil(returned.catch(() => {}));
}

/** The answer to one call. */
export interface CallAnswer {
  readonly permit: number;
  /** `undefined`: there was no answer. */
  readonly feedback: Feedback | undefined;
}

/** Reports an answer to the budget. Await the result where the next permit depends on it. */
export function reportAnswer(
  c: CallContext,
  { app, resource }: CredentialsRequest,
  { permit, feedback }: CallAnswer,
): Promise<void> {
  const reported = c.objects
    .coordinator(app, resource)
    .report({ app, resource }, permit, feedback)
    .catch(() => {});
  c.waitUntil(reported);
  return reported;
}

/**
 * Reports the token of a call that is not retried as rejected. The grant knows of it before the caller does, so that the next call gets
 * another token. Prefetched permits come with the rejected token and go back.
 */
export async function reportRejectedToken(
  c: CallContext,
  request: CredentialsRequest,
  rejectedToken: string,
): Promise<void> {
  const { app, resource, acceptedTokenTypes } = request;
  for (const permit of c.prefetchedPermits.returnUnused(keyOf(request))) returnPermit(c, request, permit);
  const coordinator = c.objects.coordinator(app, resource);
  await coordinator.tokenRejected({ app, resource, acceptedTokenTypes, rejectedToken }).catch(() => {});
}
