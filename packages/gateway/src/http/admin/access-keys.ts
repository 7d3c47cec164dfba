import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from "jose";
import { createSingleFlight } from "../../domain/limits/single-flight.ts";

/** The keys rotate every six weeks, with the older ones valid for a week more; Cloudflare's page, 2026-11. */
const MAX_AGE_MS = 600_000;
/** Between two fetches for key ids nobody knows, so that forged ones do not make a storm of fetches. */
const COOLDOWN_MS = 30_000;
/** After a fetch that has failed. */
const FAILED_PAUSE_MS = 1_000;

export interface AccessKeysOptions {
  readonly fetchKeys: () => Promise<JSONWebKeySet>;
  /** `fetchKeys` ends within this time. */
  readonly timeoutMs: number;
  readonly now?: () => number;
  readonly sleep?: (ms: number) => Promise<void>;
}

/**
 * The public keys of a team, with one fetch at a time for all requests of an isolate. `createRemoteJWKSet` of `jose` makes one fetch
 * per request on Workers, because a request must not await a promise of another one; here the others look for its result.
 */
export function createAccessKeys({
  fetchKeys,
  timeoutMs,
  now = () => Date.now(),
  sleep,
}: AccessKeysOptions): JWTVerifyGetKey {
  let keys: JWTVerifyGetKey | undefined;
  let freshUntilMs = 0;
  let notBeforeMs = 0;
  const fetching = createSingleFlight({ timeoutMs, now, sleep });

  async function fetchOnce(): Promise<void> {
    notBeforeMs = now() + FAILED_PAUSE_MS;
    keys = createLocalJWKSet(await fetchKeys());
    freshUntilMs = now() + MAX_AGE_MS;
    notBeforeMs = now() + COOLDOWN_MS;
  }

  async function refresh(): Promise<void> {
    if (!fetching.isUnderWay() && now() < notBeforeMs) return;
    await fetching.run(fetchOnce);
  }

  return async (header, token) => {
    if (keys === undefined || now() >= freshUntilMs) await refresh();
    if (keys === undefined || now() >= freshUntilMs) throw new errors.JWKSTimeout();
    try {
      return await keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await refresh();
      return keys(header, token);
    }
  };
}
