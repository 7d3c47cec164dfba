import { type GrantReading, type GrantState, type PrivateIntegration, privateToken } from "@ghl-edge/oauth";
import type { Source } from "./token-record.ts";

/** The tokens that an operation accepts: OAuth's, private integrations', or either. */
export type AcceptedTokenTypes = "any" | "oauth" | "private";

/** The reason why a resource has no token, for good or until somebody acts. */
export type NoTokenReason = "not_installed" | "install_pending" | "suspended" | "misconfigured" | "reauth_required";

export interface GivenToken {
  readonly ok: true;
  readonly accessToken: string;
  /** Ask again after this; in the past for a token that is good for this one call. */
  readonly freshUntilMs: number;
  /** Scopes of the token; empty when they are not known. */
  readonly scopes: readonly string[];
  readonly source: Source;
}

export type TokenRefusal =
  /** `answerCode`: which answer of HighLevel is behind it. */
  | { readonly ok: false; readonly reason: NoTokenReason; readonly answerCode?: string | undefined }
  | { readonly ok: false; readonly reason: "refreshing"; readonly retryAtMs: number };

export type TokenReply = GivenToken | TokenRefusal;

/** A private integration token has no end, and its holders are notified of the next one. */
const PRIVATE_FRESH_MS = 3_600_000;
/** The one before, where HighLevel has refused the newest: it may not have known it yet. */
const PREVIOUS_FRESH_MS = 30_000;

/** A private integration token, or the one before where HighLevel has refused it. */
export function privateReply(record: PrivateIntegration, nowMs: number, rejectedToken: string | undefined): GivenToken {
  const accessToken = privateToken(record, nowMs, rejectedToken);
  const freshForMs = accessToken === record.token ? PRIVATE_FRESH_MS : PREVIOUS_FRESH_MS;
  return { ok: true, accessToken, freshUntilMs: nowMs + freshForMs, scopes: [], source: "private" };
}

type Refused = Extract<GrantReading, { kind: "refused" }>;

/** Refusals of a mint that are about the location: HighLevel does not know it, or the company has none such. */
const UNKNOWN_LOCATION: readonly (string | undefined)[] = [
  "ERR_GHL_NOT_FOUND",
  "ERR_GHL_REFUSED",
  "ERR_GHL_VALIDATION",
];

/** Returns the refusal for a grant that has no token to give. */
export function refusalOf({ reason, retryAtMs, code }: Refused, { installedAtMs, renewal }: GrantState): TokenRefusal {
  switch (reason) {
    case "pending":
      // The signed INSTALL came before the code: the code is on its way.
      return { ok: false, reason: installedAtMs === undefined ? "not_installed" : "install_pending" };
    case "uninstalled":
      return { ok: false, reason: "not_installed" };
    case "configuration":
      if (renewal === "derived" && UNKNOWN_LOCATION.includes(code)) return { ok: false, reason: "not_installed" };
      return { ok: false, reason: "misconfigured", answerCode: code };
    case "reauth_unconfirmed":
      // HighLevel has said it once; it is asked again.
      return { ok: false, reason: "refreshing", retryAtMs: retryAtMs ?? 0 };
    default:
      return { ok: false, reason, answerCode: code };
  }
}
