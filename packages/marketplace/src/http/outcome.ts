import { SendError } from "../errors.ts";
import type { Answer } from "./send.ts";

/**
 * Result of a request. `accepted`: 2xx. `refused`: HighLevel refused it, and it had no effect. `unknown`: no answer or 5xx, so HighLevel may
 * have executed it.
 */
export interface SendResult {
  readonly outcome: "accepted" | "refused" | "unknown";
  /** The error of `refused` and `unknown`. It is absent when the caller's signal aborted an `unknown` one. */
  readonly error?: SendError;
}

/** Sends and returns the result. Rejects only for a mistake of the caller. */
export async function outcomeOf(
  send: () => Promise<Answer>,
  signal: AbortSignal | undefined,
): Promise<SendResult & { readonly answer?: Answer }> {
  try {
    return { outcome: "accepted", answer: await send() };
  } catch (error) {
    if (signal?.aborted && !(error instanceof SendError)) return { outcome: "unknown" };
    if (!(error instanceof SendError)) throw error;
    return { outcome: error.ambiguous ? "unknown" : "refused", error };
  }
}
