import { misconfigured } from "./config-fields.ts";

/** Highest number of event buffers. An erasure asks this many, because the number may have been higher earlier. */
export const MAX_EVENT_BUFFERS = 16;
/** Event buffers of each app when nothing is configured. One stores some 1,000 events a second. */
const DEFAULT_EVENT_BUFFERS = 4;

/**
 * Reads the number of event buffers of each app.
 *
 * @throws ConfigError
 */
export function readEventBuffers(raw: string | undefined): number {
  if (raw === undefined || raw === "") return DEFAULT_EVENT_BUFFERS;
  const buffers = Number(raw);
  if (!/^\d{1,2}$/.test(raw) || buffers < 1 || buffers > MAX_EVENT_BUFFERS)
    throw misconfigured("EVENT_BUFFERS", `a whole number from 1 to ${MAX_EVENT_BUFFERS}`, raw);
  return buffers;
}
