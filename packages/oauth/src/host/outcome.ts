import { AnswerError, GhlOAuthError } from "../errors.ts";
import type { RenewalOutcome } from "../grant/event.ts";
import type { GrantState } from "../grant/state.ts";

/**
 * Translates the error of a renewal request for the state machine.
 *
 * @param error - Error that the request rejected with
 * @param renewal - Renewal of the grant
 * @param configurationId - Identifies the configuration of the app that sent the request
 * @returns The outcome for an `answered` event
 * @example
 * ```ts
 * import { NetworkError, outcomeOf } from "@ghl-edge/oauth";
 *
 * const outcome = outcomeOf(new NetworkError("no answer"), "refreshable", "configuration-1");
 * console.log(outcome.kind); // "ambiguous"
 * ```
 */
export function outcomeOf(error: unknown, renewal: GrantState["renewal"], configurationId: string): RenewalOutcome {
  if (!(error instanceof AnswerError))
    return { kind: "ambiguous", code: error instanceof GhlOAuthError ? error.code : "ERR_GHL_NETWORK" };
  const { kind, code, retryAfterMs } = error;
  const derived = renewal === "derived";
  switch (kind) {
    case "suspended":
      return { kind: "suspended", code };
    case "reauth_required":
      return derived ? { kind: "configuration", code, configurationId } : { kind: "invalid_grant", code };
    case "configuration":
      return { kind: "configuration", code, configurationId };
    case "not_expiry":
      // A scope is missing, or the location is not the company's: waiting does not help.
      return derived ? { kind: "configuration", code, configurationId } : { kind: "ambiguous", code };
    case "retryable":
      if (code === "ERR_GHL_RATE_LIMITED")
        return { kind: "rate_limited", code, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
      // A refusal of HighLevel's that names a location which is not there: the same mint is refused again, and asking
      // rarely costs nothing. For a refresh token the same answer stays in doubt.
      return derived && code === "ERR_GHL_REFUSED"
        ? { kind: "configuration", code, configurationId }
        : { kind: "ambiguous", code };
    case "expired":
      return { kind: "ambiguous", code };
  }
}
