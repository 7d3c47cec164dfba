import { misconfigured } from "./config-fields.ts";

/** Share of the successes that are logged when nothing is configured, in percent. */
const DEFAULT_SUCCESS_PERCENT = 1;

/**
 * Reads the share of successes that are logged, in percent.
 *
 * @throws ConfigError
 */
export function readSuccessPercent(raw: string | undefined): number {
  if (raw === undefined || raw === "") return DEFAULT_SUCCESS_PERCENT;
  const percent = Number(raw);
  if (!/^\d+(\.\d+)?$/.test(raw) || percent > 100)
    throw misconfigured("LOG_SUCCESS_PERCENT", "a number from 0 to 100", raw);
  return percent;
}
