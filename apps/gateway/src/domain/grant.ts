import type { Resource } from "./resource.ts";
import type { GrantedTokens } from "./token-answer.ts";
import type { TokenOutcome } from "./token-endpoint.ts";

/**
 * The life of one OAuth grant as a pure state machine: functions of (grant, event, time) that return the next grant.
 * The Durable Object around it only stores what these return, wakes when they say, and makes the one call.
 */
export interface Grant {
  /** Grows with every installation and every attempt to refresh: an answer to an older epoch changes nothing. */
  readonly epoch: number;
  readonly status: "active" | "refreshing" | "suspended" | "misconfigured" | "reauth_required";
  readonly resource: Resource;
  readonly companyId: string | undefined;
  readonly scopes: readonly string[];
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  readonly accessExpiresAtMs: number;
  /** When to refresh ahead of need. */
  readonly refreshAtMs: number;
  readonly intent: RefreshIntent | undefined;
}

/** A refresh that was begun and has not ended; stored before the call, so that a crash cannot hide it. */
export interface RefreshIntent {
  readonly firstSentAtMs: number;
  readonly attempt: number;
  /** The answer to the last attempt has not come. Still so when an object is loaded: it died in mid-refresh. */
  readonly inFlight: boolean;
  /** When the next attempt may be made; while one is in flight, the watchdog's time. */
  readonly dueAtMs: number;
  /** First "Invalid grant" for the token that is still the current one. */
  readonly rejectedAtMs: number | undefined;
}

/** A token that lives longer than this is served without a question. */
const SERVE_MARGIN_MS = 60_000;
/** An object that died in mid-refresh is woken after this long; above the call's time-out of 6 s. */
const WATCHDOG_MS = 8_000;
/** Offsets from the first sending: HighLevel announced a 30 s grace for identical requests. */
const RESEND_AT_MS = [500, 2_000, 5_000, 12_000, 22_000];
/** After the grace has passed. */
const LATER_MS = [60_000, 300_000, 900_000];
const HOUR_MS = 3_600_000;
const CONFIRM_INVALID_GRANT_MS = 60_000;

/** The time of an event, and a number in [0, 1) that spreads what follows from it. */
export interface Moment {
  readonly nowMs: number;
  readonly jitter: number;
}

/** A new pair: from an installation, or from a refresh of `previous`. */
export function installed(previous: Grant | undefined, resource: Resource, granted: GrantedTokens, at: Moment): Grant {
  const lifetimeMs = granted.lifetimeMs;
  return {
    epoch: (previous?.epoch ?? 0) + 1,
    status: "active",
    resource,
    companyId: granted.companyId ?? previous?.companyId,
    scopes: granted.scopes,
    accessToken: granted.accessToken,
    refreshToken: granted.refreshToken ?? previous?.refreshToken,
    accessExpiresAtMs: at.nowMs + lifetimeMs,
    // 70–80 % of the life, spread so that installations of one day do not refresh in one minute
    refreshAtMs: at.nowMs + Math.round(lifetimeMs * (0.7 + 0.1 * at.jitter)),
    intent: undefined,
  };
}

/** Where a refresh ahead of need is overdue, holders of the token look this often whether it came. */
const LOOK_AGAIN_MS = 30_000;

/**
 * Until when a holder may use the access token without asking again. Not to its end: whether a refresh ends the older
 * access token is documented nowhere, so the newer one is wanted soon after it exists.
 */
export function freshUntilMs(grant: Grant, nowMs: number): number {
  const renewedAtMs = nowMs < grant.refreshAtMs ? grant.refreshAtMs : nowMs + LOOK_AGAIN_MS;
  return Math.min(renewedAtMs, grant.accessExpiresAtMs - SERVE_MARGIN_MS);
}

export type GrantDecision =
  | { readonly kind: "serve" }
  | { readonly kind: "refresh" }
  | { readonly kind: "wait"; readonly untilMs: number }
  | { readonly kind: "refuse"; readonly reason: Exclude<Grant["status"], "active" | "refreshing"> };

/** What a call that wants a token gets now. The old token is served until it ends, whatever became of the refresh. */
export function decide(grant: Grant, nowMs: number): GrantDecision {
  const leftMs = grant.accessExpiresAtMs - nowMs;
  if (leftMs > SERVE_MARGIN_MS) return { kind: "serve" };
  if (grant.refreshToken !== undefined && grant.status !== "reauth_required") {
    if (grant.intent === undefined || nowMs >= grant.intent.dueAtMs) return { kind: "refresh" };
    if (leftMs <= 0 && grant.status === "refreshing") return { kind: "wait", untilMs: grant.intent.dueAtMs };
  }
  if (leftMs > 0) return { kind: "serve" };
  const { status } = grant;
  return { kind: "refuse", reason: status === "active" || status === "refreshing" ? "reauth_required" : status };
}

/** To be stored before the token is sent. */
export function refreshBegun(grant: Grant, nowMs: number): Grant {
  return {
    ...grant,
    epoch: grant.epoch + 1,
    status: "refreshing",
    intent: {
      firstSentAtMs: grant.intent?.firstSentAtMs ?? nowMs,
      attempt: (grant.intent?.attempt ?? 0) + 1,
      inFlight: true,
      dueAtMs: nowMs + WATCHDOG_MS,
      rejectedAtMs: grant.intent?.rejectedAtMs,
    },
  };
}

/**
 * A grant as it was found in storage by a new object: nothing can be in flight, so what was is in doubt, and the same
 * token is due at once, while HighLevel still answers it.
 */
export function found(grant: Grant, nowMs: number): Grant {
  if (grant.intent?.inFlight !== true) return grant;
  return { ...grant, intent: { ...grant.intent, inFlight: false, dueAtMs: nowMs } };
}

function resendAtMs(intent: RefreshIntent, nowMs: number): number {
  const offsetMs = RESEND_AT_MS[intent.attempt - 1];
  if (offsetMs !== undefined) return Math.max(nowMs, intent.firstSentAtMs + offsetMs);
  return nowMs + (LATER_MS[intent.attempt - 1 - RESEND_AT_MS.length] ?? HOUR_MS);
}

/**
 * The answer to the attempt of `epoch`. An answer to an older epoch is dropped: another installation or attempt has
 * taken over, and its pair is the current one.
 */
export function refreshSettled(grant: Grant, epoch: number, outcome: TokenOutcome, at: Moment): Grant {
  if (grant.epoch !== epoch || grant.intent === undefined) return grant;
  const intent: RefreshIntent = { ...grant.intent, inFlight: false };
  const { nowMs } = at;
  switch (outcome.kind) {
    case "granted": {
      const { resource } = outcome.tokens;
      const foreign =
        resource !== undefined && (resource.kind !== grant.resource.kind || resource.id !== grant.resource.id);
      // Never another tenant's token under this one's name, however it came about.
      if (foreign) return { ...grant, status: "misconfigured", intent: { ...intent, dueAtMs: nowMs + HOUR_MS } };
      return { ...installed(grant, grant.resource, outcome.tokens, at), epoch };
    }
    case "ambiguous":
      return { ...grant, intent: { ...intent, dueAtMs: resendAtMs(intent, nowMs) } };
    case "rate_limited":
      return { ...grant, intent: { ...intent, dueAtMs: nowMs + (outcome.retryAfterMs ?? 10_000) } };
    case "invalid_grant":
      if (intent.rejectedAtMs !== undefined && nowMs - intent.rejectedAtMs >= CONFIRM_INVALID_GRANT_MS)
        return { ...grant, status: "reauth_required", intent: undefined };
      return {
        ...grant,
        intent: { ...intent, rejectedAtMs: intent.rejectedAtMs ?? nowMs, dueAtMs: nowMs + CONFIRM_INVALID_GRANT_MS },
      };
    case "suspended":
      return { ...grant, status: "suspended", intent: { ...intent, dueAtMs: nowMs + HOUR_MS } };
    case "configuration":
      // Nothing was rotated. No retry by itself; a call that needs a token may try again after a minute.
      return { ...grant, status: "misconfigured", intent: { ...intent, dueAtMs: nowMs + CONFIRM_INVALID_GRANT_MS } };
  }
}

/** When the object has to wake; undefined: never. */
export function wakeAtMs(grant: Grant): number | undefined {
  if (grant.status === "reauth_required" || grant.status === "misconfigured" || grant.refreshToken === undefined)
    return undefined;
  return grant.intent?.dueAtMs ?? grant.refreshAtMs;
}
