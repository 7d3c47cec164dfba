import { exchangedAtMs, fingerprint, type GrantEvent, type TokenSet } from "@ghl-edge/oauth";

/**
 * Longest time between the signed INSTALL and the exchange of the code of one installation. HighLevel redelivers for hours, and
 * whether a redelivery keeps the first time is unpublished. An installation whose redelivery does not waits for approval.
 */
const SAME_INSTALL_MS = 15 * 60_000;
/** `iat` has whole seconds (RFC 7519, section 2), so a token may be up to this much younger than it says. */
const RESOLUTION_MS = 1_000;

/** Makes the grant state machine's event of an exchange. It has no token. */
export async function exchangedEvent(
  tokens: TokenSet,
  random: number,
): Promise<Extract<GrantEvent, { type: "exchanged" }>> {
  const { refreshToken, obtainedAtMs, expiresAtMs, companyId } = tokens;
  const tokenId = refreshToken === undefined ? {} : { tokenId: await fingerprint(refreshToken) };
  const company = companyId === undefined ? {} : { companyId };
  const token = { obtainedAtMs, expiresAtMs, ...tokenId };
  return { type: "exchanged", token, installedAtMs: exchangedAtMs(tokens), random, ...company };
}

/**
 * History of the installations of one resource, which its grant does not have. Events and exchanges of codes come late, twice and in any
 * order. Times of HighLevel's clock are only compared with each other, and ours with ours.
 */
export interface InstallHistory {
  /** HighLevel's time of the newest exchange that became the grant. */
  readonly exchangedAtMs?: number;
  /** Signed time of the newest INSTALL of this very resource. */
  readonly installEventAtMs?: number;
  /** Signed time of the newest UNINSTALL of this very resource. */
  readonly uninstallEventAtMs?: number;
  /** When an operator has last removed it, by our clock. */
  readonly removedAtMs?: number;
  /** Signed time of the INSTALL that approved the grant; undefined where none had to. */
  readonly approvedByAtMs?: number | undefined;
}

type Time = keyof InstallHistory;

/** Keeps the newest time of each kind; a time that is none changes nothing. */
export function noted(history: InstallHistory, what: Time, atMs: number): InstallHistory {
  return Number.isFinite(atMs) && atMs > (history[what] ?? Number.NEGATIVE_INFINITY)
    ? { ...history, [what]: atMs }
    : history;
}

/** Whether the tokens are of the newest installation: no newer exchange is stored, and no removal came after them. */
export function isNewest(history: InstallHistory, tokens: TokenSet): boolean {
  const atMs = exchangedAtMs(tokens);
  const { exchangedAtMs: storedAtMs = atMs, uninstallEventAtMs, removedAtMs } = history;
  const isRemoved =
    (uninstallEventAtMs !== undefined && atMs + RESOLUTION_MS <= uninstallEventAtMs) ||
    (removedAtMs !== undefined && tokens.obtainedAtMs < removedAtMs);
  return atMs >= storedAtMs && !isRemoved;
}

/**
 * Whether a signed UNINSTALL ends a grant although a newer installation is known: only one for which an INSTALL from before it had
 * approved it. It came late, and without that INSTALL the tokens would still wait. Every other grant survives it, because a late UNINSTALL
 * must not end a newer INSTALL; tokens that HighLevel has ended meanwhile show at the next refresh.
 */
export function endsGrant({ approvedByAtMs }: InstallHistory, uninstallEventAtMs: number): boolean {
  return approvedByAtMs !== undefined && approvedByAtMs <= uninstallEventAtMs;
}

/**
 * Whether a signed INSTALL approves tokens whose callback carried no state of ours: an installation that began in
 * HighLevel's marketplace. Anybody can make a browser call us with a code; the event nobody but HighLevel can sign. Neither an earlier
 * exchange nor an installation of the company approves it, nor an INSTALL from before an UNINSTALL.
 */
export function isApproved(history: InstallHistory, tokens: TokenSet): boolean {
  const { installEventAtMs, uninstallEventAtMs = Number.NEGATIVE_INFINITY, removedAtMs } = history;
  if (installEventAtMs === undefined || !isNewest(history, tokens)) return false;
  if (installEventAtMs <= uninstallEventAtMs || installEventAtMs <= (removedAtMs ?? Number.NEGATIVE_INFINITY))
    return false;
  return Math.abs(installEventAtMs - exchangedAtMs(tokens)) <= SAME_INSTALL_MS;
}
