import { type CurrentToken, type GrantProblem, type GrantState, REFUSED_CODE, type RenewalIntent } from "./state.ts";
import { CONFIGURATION_RETRY_MS, EXPIRY_MARGIN_MS, LEASE_MS, LONGEST_WAIT_MS, REFUSALS_OVER_MS } from "./timing.ts";

/** Answer to a caller who needs the access token. */
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

/** Returns a tenth of the lifetime, at most a minute: a token must not expire on its way to HighLevel. */
function marginMs(token: CurrentToken): number {
  return Math.min(EXPIRY_MARGIN_MS, (token.expiresAtMs - token.obtainedAtMs) / 10);
}

function isGood(token: CurrentToken, nowMs: number, withinMs: number): boolean {
  return token.rejectedAtMs === undefined && nowMs < token.expiresAtMs - withinMs;
}

/** Whether renewal should be under way. */
export function isDue(token: CurrentToken, nowMs: number): boolean {
  const { refreshAheadAtMs, replaceAtMs } = token;
  const replaced = replaceAtMs !== undefined && !isAhead(replaceAtMs, nowMs);
  return replaced || nowMs >= refreshAheadAtMs || !isGood(token, nowMs, marginMs(token));
}

/** Whether a time is still to come. One further off than any wait of this machine means that the clock was set back. */
export function isAhead(atMs: number, nowMs: number): boolean {
  return atMs > nowMs && atMs - nowMs <= LONGEST_WAIT_MS;
}

/** Whether the API refuses one token after the other; renewal goes on meanwhile. */
export function isRefusalProblem(problem: GrantProblem | undefined): boolean {
  return problem?.code === REFUSED_CODE && problem.configurationId === undefined;
}

/** Whether the API has taken a token for long that replaced refused ones, and its problem is over. */
export function isRecovered({ problem, current }: GrantState, nowMs: number): boolean {
  if (!current || !isRefusalProblem(problem)) return false;
  const isTaken = current.rejectedAtMs === undefined && current.replaceAtMs === undefined;
  return isTaken && nowMs - current.obtainedAtMs >= REFUSALS_OVER_MS;
}

/** Returns the time of the next request after a configuration error; `undefined` when there is no such error. */
export function configurationRetryMs({ problem, renewal }: GrantState): number | undefined {
  if (problem?.configurationId === undefined) return undefined;
  // A record without this field has the time of the error only.
  return problem.retryAtMs ?? problem.atMs + CONFIGURATION_RETRY_MS[renewal][0]!;
}

/**
 * Whether somebody holds the right to send. A lease of more than twice its length means that the clock was set back. A
 * little more than its length is normal: the holder's clock is ahead, or the store's was read a moment ago.
 */
export function isInFlight(intent: RenewalIntent, nowMs: number): boolean {
  const leftMs = (intent.leaseUntilMs ?? nowMs) - nowMs;
  return leftMs > 0 && leftMs <= 2 * LEASE_MS;
}

/** Whether the next attempt has to wait. */
export function isWaiting(intent: RenewalIntent, nowMs: number): boolean {
  return isAhead(intent.nextAttemptAtMs ?? nowMs, nowMs);
}

/**
 * Returns when the grant needs the next `tick`.
 *
 * @param state - State of the grant
 * @returns Unix milliseconds; `undefined` when it needs none by itself
 * @example
 * ```ts
 * import { type GrantState, nextWakeMs } from "@ghl-edge/oauth";
 *
 * export function schedule(state: GrantState, setAlarm: (atMs: number) => void): void {
 *   const atMs = nextWakeMs(state);
 *   if (atMs !== undefined) setAlarm(atMs);
 * }
 * ```
 */
export function nextWakeMs(state: GrantState): number | undefined {
  const { intent, problem, current } = state;
  if (intent) return intent.leaseUntilMs ?? intent.nextAttemptAtMs;
  if (state.status !== "active" || current?.tokenId === undefined) return undefined;
  if (problem && !isRefusalProblem(problem)) return configurationRetryMs(state);
  if (current.rejectedAtMs !== undefined) return current.rejectedAtMs;
  const overAtMs = problem ? current.obtainedAtMs + REFUSALS_OVER_MS : current.refreshAheadAtMs;
  return Math.min(current.replaceAtMs ?? overAtMs, current.refreshAheadAtMs);
}

/**
 * Reads what a caller of a grant gets: its token, a wait or a refusal. Pure; it says nothing about the token itself.
 *
 * @param state - State of the grant
 * @param nowMs - The present time, Unix milliseconds
 * @param configurationId - The same as for `tick`: a refusal of other settings does not count. Default: it counts.
 * @returns The reading
 * @example
 * ```ts
 * import { newGrant, readGrant } from "@ghl-edge/oauth";
 *
 * console.log(readGrant(newGrant("refreshable"), Date.now()).kind); // "refused"
 * ```
 */
export function readGrant(state: GrantState, nowMs: number, configurationId?: string): GrantReading {
  const { current, intent, problem } = state;
  if (state.status === "uninstalled") return { kind: "refused", reason: "uninstalled" };
  const isOther = configurationId !== undefined && state.problem?.configurationId !== configurationId;
  const refusedSettingsUntilMs = isOther ? nowMs : configurationRetryMs(state);
  const isRenewing = problem === undefined || isRefusalProblem(problem);
  // A renewal in trouble does not take away a token that is still good, and uses it to its end.
  if (current && isGood(current, nowMs, intent || !isRenewing ? 0 : marginMs(current))) {
    const waits = intent !== undefined && (isInFlight(intent, nowMs) || isWaiting(intent, nowMs));
    const mayRenew = isRenewing || (refusedSettingsUntilMs !== undefined && !isAhead(refusedSettingsUntilMs, nowMs));
    const renewable = current.tokenId !== undefined && state.status !== "reauth_required" && mayRenew;
    return {
      kind: "usable",
      due: renewable ? (isDue(current, nowMs) || isRecovered(state, nowMs)) && !waits : intent !== undefined && !waits,
    };
  }
  const retryAtMs = intent ? intent.nextAttemptAtMs : configurationRetryMs(state);
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
  if (refusedSettingsUntilMs !== undefined && isAhead(refusedSettingsUntilMs, nowMs)) return refused("configuration");
  if (current === undefined && state.renewal === "refreshable") return refused("pending");
  if (current && current.tokenId === undefined) return refused("reauth_required");
  return { kind: "wait", untilMs: nowMs };
}

/**
 * Returns whether a location's own grant gives no token for long, so that a derived one replaces it where its company is installed.
 * A mint risks nothing, so the first refusal is enough.
 *
 * @param reading - Reading of the location's own grant
 * @returns Whether to mint
 * @example
 * ```ts
 * import { type GrantState, mayMintInstead, readGrant } from "@ghl-edge/oauth";
 *
 * export const needsMint = (state: GrantState): boolean => mayMintInstead(readGrant(state, Date.now()));
 * ```
 */
export function mayMintInstead(reading: GrantReading): boolean {
  return reading.kind === "refused" && reading.reason !== "uninstalled" && reading.reason !== "suspended";
}
