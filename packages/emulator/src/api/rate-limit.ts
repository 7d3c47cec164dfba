import type { EmulatorContext } from "../core/context.ts";
import type { AccessToken } from "../core/state.ts";

const DAY_MS = 86_400_000;

export interface RateVerdict {
  readonly allowed: boolean;
  /** HighLevel's five documented headers. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Counts a request against the budget of its app and resource: a fixed window that starts at multiples of the
 * interval, and a UTC day. HighLevel publishes neither window kind nor phase; this is the simplest of the candidates.
 * A refused request is not counted.
 */
export function countRequest(context: EmulatorContext, token: AccessToken): RateVerdict {
  const { max, intervalMs, daily } = context.options.rateLimit;
  const nowMs = context.options.now();
  const key = `${token.clientId ?? "private"}:${token.resource.kind}:${token.resource.id}`;
  const startMs = nowMs - (nowMs % intervalMs);
  const day = Math.floor(nowMs / DAY_MS);
  const window = context.state.windows.get(key) ?? { startMs, count: 0, day, dayCount: 0 };
  context.state.windows.set(key, window);
  if (window.startMs !== startMs) Object.assign(window, { startMs, count: 0 });
  if (window.day !== day) Object.assign(window, { day, dayCount: 0 });

  const allowed = window.count < max && window.dayCount < daily;
  if (allowed) {
    window.count += 1;
    window.dayCount += 1;
  }
  return {
    allowed,
    headers: {
      "X-RateLimit-Limit-Daily": String(daily),
      "X-RateLimit-Daily-Remaining": String(daily - window.dayCount),
      "X-RateLimit-Interval-Milliseconds": String(intervalMs),
      "X-RateLimit-Max": String(max),
      "X-RateLimit-Remaining": String(max - window.count),
    },
  };
}
