import { isTokenRejection, tryParseUntrustedJson } from "@ghl-edge/core";

/** `ended`: by this request or before it; `unclear`: it may have been carried out. */
export type UninstallOutcome = "ended" | "refused" | "token_refused" | "unclear";

/** Nothing shows how HighLevel says it, so only words count that can mean nothing else. */
const NOT_INSTALLED = /\bnot installed\b|\balready (been )?uninstalled\b|\binstallation (is |was )?not found\b/i;
/** Refusals that can be about the installation; 401, 403 and 429 are about who asks. */
const ABOUT_IT: readonly number[] = [400, 404, 409, 410, 422];

function successOf(text: string): boolean | undefined {
  const { success } = Object(tryParseUntrustedJson(text)) as { success?: unknown };
  return typeof success === "boolean" ? success : undefined;
}

/**
 * Reads HighLevel's answer to `DELETE /marketplace/app/{appId}/installations`. Its documents (v2 and v3, 2026-06) require
 * `success` in the answer; an answer without it is not from HighLevel.
 */
export function uninstallOutcome(status: number, text: string): UninstallOutcome {
  if (status >= 500 || status === 408) return "unclear";
  if (status >= 200 && status < 300) {
    const success = successOf(text);
    return success === undefined ? "unclear" : success ? "ended" : "refused";
  }
  if (isTokenRejection({ status, text })) return "token_refused";
  return ABOUT_IT.includes(status) && NOT_INSTALLED.test(text) ? "ended" : "refused";
}
