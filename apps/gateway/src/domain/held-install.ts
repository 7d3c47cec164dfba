import { issuedAtMs, type TokenSet } from "@ghl-edge/oauth";

/**
 * How far the signed INSTALL and the exchange of the code may lie apart to be about the same installation: HighLevel
 * redelivers for hours; whether a redelivery keeps the first time is unpublished. One that does not waits for approval.
 */
const SAME_INSTALL_MS = 15 * 60_000;

/** When HighLevel made the tokens of a code. */
export const exchangedAtMs = ({ accessToken, obtainedAtMs }: TokenSet): number =>
  issuedAtMs(accessToken) ?? obtainedAtMs;

/**
 * Whether a signed INSTALL vouches for tokens whose callback carried no state of ours: an installation that began in
 * HighLevel's marketplace. Anybody can make a browser call us with a code; the event nobody but HighLevel can sign.
 */
export function vouchesFor(installedEventAtMs: number | undefined, tokens: TokenSet): boolean {
  return installedEventAtMs !== undefined && Math.abs(installedEventAtMs - exchangedAtMs(tokens)) <= SAME_INSTALL_MS;
}
