import type { Context } from "hono";
import { clientAddress } from "../../domain/access/client-address.ts";
import { readRateLimit } from "../../platform/env.ts";
import { GatewayError } from "../../platform/errors.ts";
import type { GatewayHono } from "../context.ts";

/** Limits of unauthenticated requests that cost the gateway an outside request or a read. */
export type RateLimitName = "LIMIT_INSTALLS" | "LIMIT_CALLBACKS" | "LIMIT_LOOKUPS";

/** The longest period of a limit; the binding does not say when it is over. */
const RETRY_AFTER_MS: Readonly<Record<RateLimitName, number>> = {
  LIMIT_INSTALLS: 60_000,
  LIMIT_CALLBACKS: 10_000,
  LIMIT_LOOKUPS: 10_000,
};

/**
 * Counts a request of a client, before it costs an outside request or a read.
 *
 * @param about - A part of the key that is counted separately, as the app's name
 * @throws GatewayError 429, where the client has asked for too much. Without the binding, without a client address (development), and
 *   while the platform's counter fails, nothing is limited: a limit must not become an outage.
 */
export async function checkRateLimit(c: Context<GatewayHono>, name: RateLimitName, about: string): Promise<void> {
  const limit = readRateLimit(c.env, name);
  const address = clientAddress(c.req.raw.headers);
  if (limit === undefined || address === undefined) return;
  let success = true;
  try {
    ({ success } = await limit.limit({ key: `${about}:${address}` }));
  } catch {
    return;
  }
  if (!success) throw new GatewayError({ kind: "too_many_requests", retryAfterMs: RETRY_AFTER_MS[name] });
}
