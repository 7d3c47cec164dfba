import type { CurrentToken, GrantState, RenewalIntent } from "./state.ts";
import { EXPIRY_MARGIN_MS, LEASE_MS, LONGEST_WAIT_MS } from "./timing.ts";

/** What a caller who wants the access token is told. */
export type GrantReading =
  /** Give it out. `due`: deliver a `tick` as well, without waiting for it. */
  | { readonly kind: "usable"; readonly due: boolean }
  /** Deliver a `tick`: a renewal is due, under way, or will be tried again at `untilMs`. */
  | { readonly kind: "wait"; readonly untilMs: number }
  | { readonly kind: "refused"; readonly reason: RefusalReason; readonly retryAtMs?: number; readonly code?: string };

/** `reauth_unconfirmed`: HighLevel called the grant invalid once, and will be asked again. */
export type RefusalReason =
  | "pending"
  | "uninstalled"
  | "suspended"
  | "reauth_required"
  | "reauth_unconfirmed"
  | "configuration";

/** A tenth of the life, at most a minute: a token is not given out just to expire on its way. */
function marginMs(token: CurrentToken): number {
  return Math.min(EXPIRY_MARGIN_MS, (token.expiresAtMs - token.obtainedAtMs) / 10);
}

function isGood(token: CurrentToken, nowMs: number, withinMs: number): boolean {
  return token.rejectedAtMs === undefined && nowMs < token.expiresAtMs - withinMs;
}

/** Whether renewal should be under way. */
export function isDue(token: CurrentToken, nowMs: number): boolean {
  return nowMs >= token.refreshAheadAtMs || !isGood(token, nowMs, marginMs(token));
}

/** Whether somebody holds the right to send. A lease longer than a lease means that the clock was set back. */
export function isInFlight(intent: RenewalIntent, nowMs: number): boolean {
  const leftMs = (intent.leaseUntilMs ?? nowMs) - nowMs;
  return leftMs > 0 && leftMs <= LEASE_MS;
}

/** Whether the next attempt has to wait. */
export function isWaiting(intent: RenewalIntent, nowMs: number): boolean {
  const leftMs = (intent.nextAttemptAtMs ?? nowMs) - nowMs;
  return leftMs > 0 && leftMs <= LONGEST_WAIT_MS;
}

/** When the grant needs a `tick` next; `undefined`: never by itself. */
export function nextWakeMs(state: GrantState): number | undefined {
  if (state.intent) return state.intent.leaseUntilMs ?? state.intent.nextAttemptAtMs;
  if (state.status !== "active" || state.problem || state.current?.tokenId === undefined) return undefined;
  return state.current.rejectedAtMs ?? state.current.refreshAheadAtMs;
}

/** Reads a grant for a caller. Pure; says nothing about the token itself. */
export function readGrant(state: GrantState, nowMs: number): GrantReading {
  const { current, intent, problem } = state;
  if (state.status === "uninstalled") return { kind: "refused", reason: "uninstalled" };
  // A renewal in trouble does not take away a token that is still good, and uses it to its end.
  if (current && isGood(current, nowMs, intent || problem ? 0 : marginMs(current))) {
    const waits = intent !== undefined && (isInFlight(intent, nowMs) || isWaiting(intent, nowMs));
    const renewable = current.tokenId !== undefined && state.status !== "reauth_required" && problem === undefined;
    return { kind: "usable", due: renewable ? isDue(current, nowMs) && !waits : intent !== undefined && !waits };
  }
  const retryAtMs = intent?.nextAttemptAtMs;
  const refused = (reason: RefusalReason): GrantReading => ({
    kind: "refused",
    reason,
    ...(retryAtMs === undefined ? {} : { retryAtMs }),
    ...(problem === undefined ? {} : { code: problem.code }),
  });
  if (state.status === "reauth_required") return refused("reauth_required");
  if (intent) {
    if (isWaiting(intent, nowMs)) {
      if (intent.invalidGrantAtMs !== undefined) return refused("reauth_unconfirmed");
      if (state.status === "suspended") return refused("suspended");
    }
    return { kind: "wait", untilMs: intent.leaseUntilMs ?? intent.nextAttemptAtMs ?? nowMs };
  }
  if (problem?.configurationId !== undefined) return refused("configuration");
  if (current === undefined && state.renewal === "rotating") return refused("pending");
  if (current && current.tokenId === undefined) return refused("reauth_required");
  return { kind: "wait", untilMs: nowMs };
}
