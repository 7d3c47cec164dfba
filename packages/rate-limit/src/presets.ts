/** Limits that HighLevel sets for one app on one resource (a location or a company). */
export interface RateLimits {
  /** At most `limit` calls in any `intervalMs`. */
  readonly burst: { readonly limit: number; readonly intervalMs: number };
  /** At most `limit` calls per day. Absent: no daily limit is known. */
  readonly daily?: { readonly limit: number } | undefined;
}

/** Named limits. */
export interface Preset extends RateLimits {
  /** `false` where no current page of HighLevel states the numbers. */
  readonly confirmed: boolean;
}

/**
 * Limits by name.
 *
 * - `standard`: 100 calls per 10 s, 200,000 per day.
 * - `sandbox`: 25 calls per 10 s, 10,000 per day.
 * - `saas`: 10 calls per second over all resources, from one older document only, so it is unconfirmed.
 *
 * @see https://marketplace.gohighlevel.com/docs/oauth/Authorization (rate limits) and the developer portal's page on sandbox
 *   accounts, read 2026-08-30
 */
export const presets: { readonly standard: Preset; readonly sandbox: Preset; readonly saas: Preset } = {
  standard: { burst: { limit: 100, intervalMs: 10_000 }, daily: { limit: 200_000 }, confirmed: true },
  sandbox: { burst: { limit: 25, intervalMs: 10_000 }, daily: { limit: 10_000 }, confirmed: true },
  saas: { burst: { limit: 10, intervalMs: 1_000 }, confirmed: false },
};

/** Name of a preset. */
export type PresetName = keyof typeof presets;
