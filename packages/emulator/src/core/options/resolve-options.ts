import { readRateLimit } from "../../limits/rate-limit.ts";
import { sleep } from "../sleep.ts";
import { checkOptions } from "./check-options.ts";
import { DEFAULT_APP, DEFAULT_COMPANY } from "./defaults.ts";
import type { EmulatorOptions, ResolvedOptions } from "./emulator-options.ts";

/** @throws EmulatorConfigurationError naming the option that cannot be right. */
export function resolveOptions(options: EmulatorOptions): ResolvedOptions {
  checkOptions(options);
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return {
    seed: "ghl-emulator",
    seedRecords: "off",
    now: () => Date.now(),
    fetch: (request) => fetch(request),
    apps: [DEFAULT_APP],
    company: DEFAULT_COMPANY,
    privateTokens: [],
    refreshGraceMs: 30_000,
    // 86,399 s as in HighLevel's answers
    accessTokenLifetimeMs: 86_399_000,
    codeLifetimeMs: 600_000,
    refreshTokenLifetimeMs: 365 * 86_400_000,
    checks: "lenient",
    faults: [],
    webhooks: {},
    controls: true,
    sleep,
    ...given,
    rateLimit: readRateLimit(options.rateLimit ?? "standard"),
  };
}
