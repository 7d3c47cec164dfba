import { presets, type RateLimits, type SlotLimiterConfig, UNSETTLED_PAD_MS } from "@ghl-edge/rate-limit";

/** A caller is told its start up to this long ahead, and sleeps by itself: the object need not wait for it. */
const LOOKAHEAD_MS = 1_000;
/** Calls that wait in one object: what 100 per 10 s serves in a minute and a half, longer than any call may wait. */
const MAX_QUEUE = 1_000;

/** The budget of each resource under an app. Answers are reported only where `needsReport` says so. */
export function limiterConfig(app: { readonly limits: RateLimits } | undefined): SlotLimiterConfig {
  const { burst, daily } = app?.limits ?? presets.standard;
  return {
    burst,
    daily,
    reserves: { interactive: 0, normal: 0.05, bulk: 0.2 },
    unsettledPadMs: UNSETTLED_PAD_MS,
    lookaheadMs: LOOKAHEAD_MS,
    maxQueue: MAX_QUEUE,
  };
}
