import { SendError } from "../errors.ts";
import type { Answer } from "./send.ts";

/**
 * What became of a request. `accepted`: 2xx · `refused`: HighLevel said no, nothing came of it · `unknown`: no answer or 5xx, it may
 * have been carried out.
 */
export interface SendResult {
  readonly outcome: "accepted" | "refused" | "unknown";
  /** Of `refused`, and of `unknown` but where the caller's signal cut it off. */
  readonly error?: SendError;
}

/** Sends, and says what came of it. Rejects only with what is no matter of the request's: a mistake of the caller's. */
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
