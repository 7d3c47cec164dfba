import { env } from "cloudflare:workers";
import type { WindowModel } from "@ghl-edge/emulator";
import { call, upstream } from "../calls/gateway.ts";
import type { Outcome, Scene, Span } from "../highlevel/scenes.ts";

export interface Saturation extends Omit<Scene, "token"> {
  readonly app: string;
  readonly apiKey: string;
  /** Number of concurrent callers. Each calls again when it is answered. */
  readonly callers: number;
  /** After this time nobody calls again. 0: each calls once. */
  readonly durationMs: number;
  /** Calls that are made however long they take, so that a slow machine makes enough of them. Default: 0. */
  readonly minCalls?: number;
  /** For `perInterval`. */
  readonly span: Span;
}

export interface Saturated extends Outcome {
  /** Calls of the gateway that were not answered with 200. */
  readonly unserved: number;
}

/** The longest wait the gateway takes. */
const MAX_WAIT_SECONDS = 60;

/** Where a window counts every call of ours in the interval it was made in, wherever that begins. */
export const EXACT_WINDOWS = [
  "fixed",
  "fixed-from-first",
  "sliding-log",
  "token-bucket",
] as const satisfies WindowModel[];
export const ALL_WINDOWS = [...EXACT_WINDOWS, "two-cell"] as const satisfies WindowModel[];

/** Keeps a location at its limit, against a HighLevel of its own. */
export async function saturate(saturation: Saturation): Promise<Saturated> {
  const { app, apiKey, callers, durationMs, minCalls = 0, span, location, rateLimit, rttMs } = saturation;
  const token = `pit-scene-${location}`;
  await upstream.openScene({ token, location, rateLimit, rttMs });
  const tenant = { app, resource: { kind: "location", id: location } } as const;
  await env.TOKEN_GRANT.getByName(`${app}:location:${location}`).storePrivateToken(tenant, token);
  const headers = { authorization: `Bearer ${apiKey}`, "x-gateway-max-wait": String(MAX_WAIT_SECONDS) };
  const untilMs = performance.now() + durationMs;
  let unserved = 0;
  let calls = 0;
  const caller = async (): Promise<void> => {
    do {
      calls += 1;
      const response = await call(`/api/location/${location}/contacts/c1`, { headers });
      await response.text();
      if (response.status !== 200) unserved += 1;
    } while (performance.now() < untilMs || calls < minCalls);
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return { ...(await upstream.sceneOutcome(token, span)), unserved };
}
