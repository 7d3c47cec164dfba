import { readIsoTimeMs } from "@ghl-edge/core";

/** HighLevel's times of records: ISO 8601 in most modules, milliseconds since 1970 in some. */
export function readTimeMs(value: unknown): number | undefined {
  const ms = typeof value === "string" ? readIsoTimeMs(value) : value;
  return typeof ms === "number" && Number.isSafeInteger(ms) && ms >= 0 ? ms : undefined;
}
