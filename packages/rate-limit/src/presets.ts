/** What HighLevel allows one app on one resource (a location or a company). */
export interface RateLimits {
  /** At most `limit` calls in any `intervalMs`. */
  readonly burst: { readonly limit: number; readonly intervalMs: number };
  /** At most `limit` calls per day; absent: no daily limit is known. */
  readonly daily?: { readonly limit: number } | undefined;
}

/** A preset; `confirmed: false` where no current page of HighLevel states the number. */
export interface Preset extends RateLimits {
  readonly confirmed: boolean;
}

/**
 * - `standard`, `sandbox`: https://marketplace.gohighlevel.com/docs/oauth/Authorization (rate limits) and the developer
 *   portal's page on sandbox accounts, read 2026-08-30.
 * - `saas`: 10 calls per second over all resources, from one older document only. Unconfirmed.
 */
export const presets: { readonly standard: Preset; readonly sandbox: Preset; readonly saas: Preset } = {
  standard: { burst: { limit: 100, intervalMs: 10_000 }, daily: { limit: 200_000 }, confirmed: true },
  sandbox: { burst: { limit: 25, intervalMs: 10_000 }, daily: { limit: 10_000 }, confirmed: true },
  saas: { burst: { limit: 10, intervalMs: 1_000 }, confirmed: false },
};

export type PresetName = keyof typeof presets;
