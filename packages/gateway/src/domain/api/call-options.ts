import type { Priority } from "@ghl-edge/rate-limit";

/** Options of one call, from headers that the gateway does not forward. */
export interface CallOptions {
  /** Longest time for permit, refresh and retries together. */
  readonly maxWaitMs: number;
  readonly priority: Priority;
}

export const DEFAULT_MAX_WAIT_MS = 10_000;
const LONGEST_MAX_WAIT_MS = 60_000;
const PRIORITIES: readonly Priority[] = ["interactive", "normal", "bulk"];

export interface BadHeader {
  readonly header: string;
  readonly takes: string;
}

function isPriority(text: string): text is Priority {
  return (PRIORITIES as readonly string[]).includes(text);
}

/** `X-Gateway-Max-Wait`: seconds, as in `Retry-After`, with decimals if wanted. `X-Gateway-Priority`: a class. */
export function readCallOptions(headers: Headers): CallOptions | BadHeader {
  const wait = headers.get("x-gateway-max-wait");
  const maxWaitMs = wait === null ? DEFAULT_MAX_WAIT_MS : Number(wait) * 1_000;
  if (wait !== null && (!/^\d{1,3}(\.\d{1,3})?$/.test(wait) || maxWaitMs > LONGEST_MAX_WAIT_MS))
    return { header: "X-Gateway-Max-Wait", takes: `seconds, from 0 to ${LONGEST_MAX_WAIT_MS / 1_000}` };
  const priority = headers.get("x-gateway-priority") ?? "normal";
  if (!isPriority(priority)) return { header: "X-Gateway-Priority", takes: PRIORITIES.join(", ") };
  return { maxWaitMs, priority };
}
